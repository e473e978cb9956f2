/** Why a value is not what it should be: the first reason found, there may be more. Never tells the value itself. */
export interface Problem {
  /** Dotted, array positions as `[0]`; empty for the value as a whole. */
  readonly path: string;
  /** Reads on from the path: `must be string`, `is required`. */
  readonly problem: string;
}

/** A problem with the value as a whole, or with one of its fields. */
export function problemAt(path: string, problem: string): Problem {
  return { path, problem };
}

/** The problem of a value, as a problem of the object or array that holds it. */
export function problemIn(place: string | number, { path, problem }: Problem): Problem {
  const head = typeof place === "number" ? `[${place}]` : place;
  return { path: path === "" || path.startsWith("[") ? head + path : `${head}.${path}`, problem };
}

/** A problem with its place, as the rest of a sentence: `"items[0].id" is required`. */
export function inWords({ path, problem }: Problem): string {
  return `${path === "" ? "it" : `"${path}"`} ${problem}`;
}
