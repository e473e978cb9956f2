import { MappingError } from "./mapping-error.ts";

/** Whether an attribute of this name is sent. */
export type NameFilter = (name: string) => boolean;

/**
 * Compiles lists of names that are sent, and that are not; a denied name is not sent even if it is allowed too.
 *
 * @param place - What the lists are called after `allow` and `deny`.
 * @returns undefined when all names are sent.
 * @throws {MappingError}
 */
export function nameFilter(
  allowed: readonly string[],
  denied: readonly string[],
  place: string,
): NameFilter | undefined {
  assertStars(allowed, `allow${place}`);
  assertStars(denied, `deny${place}`);
  const allows = allowed.length === 0 ? undefined : listTest(allowed);
  const denies = denied.length === 0 ? undefined : listTest(denied);
  if (!allows && !denies) return undefined;
  return (name) => (!allows || allows(name)) && !denies?.(name);
}

function assertStars(names: readonly string[], place: string): void {
  for (const [i, name] of names.entries())
    if (name.slice(0, -1).includes("*"))
      throw new MappingError(`${place}[${i}]`, "must have * at its end only");
}

/** `*` at the end of a name is any rest. */
function listTest(names: readonly string[]): NameFilter {
  const exact = new Set(names);
  const prefixes = names.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
