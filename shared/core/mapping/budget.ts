/** What the mapping of one event may cost. */
export interface Budget {
  /** Steps that are left; at 0 nothing more is read, and the event is given up. */
  left: number;
  /** Places in the document of values that were there and could not be converted. */
  readonly unusable: string[];
}

/** Steps for one event: loops in loops over long lists reach it, nothing sensible does. */
export const MAX_STEPS_PER_EVENT = 20_000;

/** UTF-16 units of text that count as one step more: what is done with text takes as long as it is. */
const UNITS_PER_STEP = 256;

export function newBudget(): Budget {
  return { left: MAX_STEPS_PER_EVENT, unusable: [] };
}

/** Charges for looking through text or a list once. @returns whether that may be done. */
export function mayLookThrough(value: unknown, budget: Budget): boolean {
  if (typeof value === "string") budget.left -= Math.floor(value.length / UNITS_PER_STEP);
  else if (Array.isArray(value)) budget.left -= value.length;
  return budget.left > 0;
}

/**
 * Charges for all that a value holds, as writing it down does. Stops where the budget does, so that a value which stands in many places
 * cannot become more text than an event may hold.
 *
 * @returns whether it may be written.
 */
export function mayWrite(value: unknown, budget: Budget): boolean {
  const open: unknown[] = [value];
  budget.left--;
  while (open.length > 0 && budget.left > 0) {
    const one = open.pop();
    if (typeof one === "object" && one !== null && !Array.isArray(one)) {
      for (const name in one) {
        if (budget.left-- <= 0) break;
        open.push((one as Record<string, unknown>)[name]);
      }
    } else if (mayLookThrough(one, budget) && Array.isArray(one)) for (const entry of one) open.push(entry);
  }
  return budget.left > 0;
}
