import type { Field } from "../terminal/field-list.ts";

/** A document's values with their places, `mapping.preset`. A list is one value; what is empty is none, but null is told. */
export function leaves(document: object, path: readonly string[] = []): Field[] {
  return Object.entries(document).flatMap(([name, value]): Field[] => {
    const place = [...path, name];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return leaves(value, place);
    return [
      [place.join("."), Array.isArray(value) ? listed(value) : value === undefined ? "" : String(value)],
    ];
  });
}

/** What holds more than plain values is shown as JSON. */
function listed(list: readonly unknown[]): string {
  const isPlain = list.every((value) => typeof value !== "object" || value === null);
  return isPlain ? list.join(", ") : JSON.stringify(list);
}

/** What became of settings: a line for each value that changed. */
export function changes(before: object, after: object): string[] {
  const was = new Map(leaves(before).map(([name, value]) => [name, value]));
  const is = new Map(leaves(after).map(([name, value]) => [name, value]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => (was.get(name) ?? "") !== (is.get(name) ?? ""))
    .map((name) => `${name}: ${was.get(name) || "none"} -> ${is.get(name) || "none"}`);
}
