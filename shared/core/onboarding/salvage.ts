import { ConfigError } from "../config-error.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whose absence says that nothing is being removed: what is wrong with them is for people to mend. */
const NEVER_LEFT_OUT: ReadonlySet<string> = new Set(["deletion", "isDeleting"]);

/**
 * A stored record without what is wrong in it: each such field takes its default, or is absent, and so is the object that cannot do
 * without it. What has a wrong status is paused, so that nothing is delivered before somebody has looked. For who replaces or removes
 * the record, and for nobody else: what is left out may be what kept something from being sent.
 *
 * @throws {ConfigError} for a record that lacks what it cannot do without.
 */
export function salvage<Kept>(stored: Fields, parse: (value: unknown) => Kept): Kept {
  let rest = stored;
  for (;;) {
    try {
      return parse(rest);
    } catch (error) {
      const next = error instanceof ConfigError ? without(rest, placeOf(error.field)) : undefined;
      if (!next) throw error;
      rest = next;
    }
  }
}

/** Names that lead to a field; of a list the field that has it. */
function placeOf(field: string): string[] {
  return field.replace(/\[.*/s, "").split(".");
}

/** @returns undefined: there is nothing that might be left out. */
function without(fields: Fields, [name = "", ...inner]: readonly string[]): Fields | undefined {
  const isThere = Object.hasOwn(fields, name);
  const { [name]: value, ...others } = fields;
  if (inner.length > 0 && typeof value === "object" && value !== null) {
    const left = without(value as Fields, inner);
    if (left) return { ...others, [name]: left };
  }
  if (inner.length === 0 && /^status/.test(name) && value !== "paused")
    return { ...others, [name]: "paused" };
  return isThere && !NEVER_LEFT_OUT.has(name) ? others : undefined;
}
