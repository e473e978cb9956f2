import { ConfigError } from "../config-error.ts";

/**
 * A stored record without those of its fields that are wrong: they take their defaults, or are absent. What has a wrong status is
 * paused, so that nothing is delivered before somebody has looked. For who replaces or removes the record, and for nobody else:
 * what is left out may be what kept something from being sent.
 *
 * @throws {ConfigError} for a record that lacks what it cannot do without.
 */
export function salvage<Kept>(
  stored: Readonly<Record<string, unknown>>,
  parse: (value: unknown) => Kept,
): Kept {
  let rest = stored;
  for (;;) {
    try {
      return parse(rest);
    } catch (error) {
      const name = error instanceof ConfigError ? /^\w+/.exec(error.field)?.[0] : undefined;
      if (name === undefined || !Object.hasOwn(rest, name)) throw error;
      const { [name]: wrong, ...others } = rest;
      rest = name === "status" && wrong !== "paused" ? { ...others, status: "paused" } : others;
    }
  }
}
