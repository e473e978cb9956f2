/** Objects and lists within each other. No documented value nests so deep; what is deeper is an attempt on our stack. */
export const MAX_JSON_DEPTH = 64;

/** Whether a JSON value nests deeper than anything documented. */
export function isTooDeep(value: unknown, left = MAX_JSON_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((entry) => isTooDeep(entry, left - 1));
}
