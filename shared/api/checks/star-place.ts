/** What is said of a place with walkerOS's `*`, which is a loop here, where a list may stand. */
import type { Judged, Path, Shape, ValuePlace } from "../shapes/value-shape.ts";

/**
 * What to write instead of the place that stands at `path`; undefined: it has no such star.
 *
 * @param values - Of the settings, with what may stand there.
 * @param isOpen - Whether values that are not among these may be lists.
 */
export function insteadOfStar(
  settings: unknown,
  path: Path,
  values: readonly ValuePlace[],
  isOpen: boolean,
): string | undefined {
  const text = path.reduce(inside, settings);
  const [, list, each] = (typeof text === "string" && /^(.+?)\.\*\.(.+)$/.exec(text)) || [];
  if (list === undefined || each === undefined) return undefined;
  const value = values.find((one) => one.path.every((step, i) => step === path[i]));
  const within = path.slice(value?.path.length ?? 0);
  if (!(value ? mayBeList(value.shape, within) : isOpen) || isOfLoop(path))
    return `must be a place without *: that of one element is ${list}[0].${each}`;
  const loop = `"loop": [${JSON.stringify(list)}, ${JSON.stringify(each)}]`;
  const instead = path.at(-1) === "key" ? `${loop} instead of key` : `{${loop}}`;
  return `must be a place without *: for that of each element write ${instead}`;
}

function inside(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[step]
    : undefined;
}

/** The list that a loop goes through is a place itself. */
function isOfLoop(path: Path): boolean {
  return path.at(-1) === 0 && path.at(-2) === "loop";
}

/** Whether what stands at a place within a value of this shape may be a list. */
function mayBeList(shape: Shape, [step, ...rest]: Path): boolean {
  if (shape.kind === "anything") return true;
  // What a key gives and each alternative is the value itself.
  if (step === "key" || typeof step === "number") return mayBeList(shape, rest);
  return step === undefined ? shape.kind === "list" : mayBeListIn(shape, step, rest);
}

function mayBeListIn(shape: Judged, step: string, [inner, ...rest]: Path): boolean {
  if (step === "map" && shape.kind === "fields") {
    const field = shape.fields ? shape.fields[String(inner)] : ({ kind: "anything" } as const);
    return field !== undefined && mayBeList(field, rest);
  }
  return shape.kind === "list" && mayBeList(shape.of, rest);
}
