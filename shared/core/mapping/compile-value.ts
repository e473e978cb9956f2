/**
 * Values of a mapping document, compiled to functions when the document is loaded: what is wrong with it is found then,
 * and an event costs no look at the document.
 */
import { beginsVisibly } from "../convert/text.ts";
import { type Budget, mayLookThrough, mayWrite, newBudget } from "./budget.ts";
import { conversionOf } from "./convert-value.ts";
import { MappingError } from "./mapping-error.ts";
import { assertName, fieldPlace, parsePath, read } from "./path.ts";

/** What the values of one event are read from. */
export interface ValueScope {
  /** The event itself, or a row's columns. */
  readonly event: unknown;
  /** Where paths begin: the event, or the element of a loop. */
  readonly at: unknown;
  readonly budget: Budget;
}

/** Undefined: there is nothing. Null in an event is nothing too. */
export type ValueReader = (scope: ValueScope) => unknown;

/** Levels of values in values. */
const MAX_DEPTH = 8;

/** Fields or alternatives of one value. */
const MAX_WIDTH = 500;

const KEYS = ["key", "value", "map", "loop", "set", "convert"] as const;

/** What walkerOS's own mapping has beside: functions, which a document cannot hold. */
export const CODE_KEYS: ReadonlySet<string> = new Set(["fn", "condition", "validate"]);

/** For documents that read nothing. */
export const NO_SCOPE: ValueScope = {
  event: undefined,
  at: undefined,
  budget: newBudget(),
};

/** A scope at the top of an event. */
export function scopeOf(event: unknown): ValueScope {
  return { event, at: event, budget: newBudget() };
}

/**
 * Compiles a value.
 *
 * @param place - Of the value in its document; findings and errors name it.
 * @throws {MappingError} with the very place that is wrong.
 */
export function compileValue(value: unknown, place: string, depth = 1): ValueReader {
  if (depth > MAX_DEPTH) throw new MappingError(place, `must not be more than ${MAX_DEPTH} values deep`);
  if (typeof value === "string") return pathReader(value, place);
  if (Array.isArray(value)) return firstOf(value, place, depth);
  if (typeof value === "object" && value !== null)
    return objectReader(value as Readonly<Record<string, unknown>>, place, depth);
  throw new MappingError(
    place,
    "must be a place in the event, a list of values, or an object with key, value, map, loop or set",
  );
}

function pathReader(text: string, place: string): ValueReader {
  const { fromEvent, steps } = parsePath(text, place);
  return ({ event, at, budget }) =>
    budget.left-- > 0 ? (read(fromEvent ? event : at, steps) ?? undefined) : undefined;
}

function firstOf(values: readonly unknown[], place: string, depth: number): ValueReader {
  const readers = listOf(values, place, depth);
  if (readers.length === 0) throw new MappingError(place, "must not be empty");
  return (scope) => {
    let blank: unknown;
    for (const reader of readers) {
      const found = reader(scope);
      if (found === undefined) continue;
      if (!isBlankText(found, scope.budget)) return found;
      blank ??= found;
    }
    return blank;
  };
}

/** Exports write blank text where there is nothing: it counts where no other alternative gives anything. */
export function isBlankText(found: unknown, budget: Budget): boolean {
  if (typeof found !== "string" || beginsVisibly(found)) return false;
  return mayLookThrough(found, budget) && found.trim() === "";
}

function objectReader(value: Readonly<Record<string, unknown>>, place: string, depth: number): ValueReader {
  for (const key of Object.keys(value)) {
    if (CODE_KEYS.has(key))
      throw new MappingError(`${place}.${key}`, "would be code, which a document cannot hold");
    if (!(KEYS as readonly string[]).includes(key))
      throw new MappingError(`${place}.${key}`, `is not one of ${KEYS.join(", ")}`);
  }
  const reader = sourceReader(value, place, depth);
  if (value["convert"] === undefined) return reader;
  const convert = conversionOf(value["convert"], `${place}.convert`);
  const fallback = value["key"] === undefined ? undefined : constantOf(value["value"], `${place}.value`);
  return (scope) => {
    const found = reader(scope);
    // A list or object is written or gone through as a whole.
    const isAffordable =
      typeof found === "object" ? mayWrite(found, scope.budget) : mayLookThrough(found, scope.budget);
    if (found === undefined || !isAffordable) return undefined;
    const converted = convert(found);
    if (converted !== undefined) return converted;
    // Of nothing there is nothing to tell.
    if (!isBlankText(found, scope.budget) && scope.budget.unusable.length < MAX_WIDTH)
      scope.budget.unusable.push(place);
    return fallback;
  };
}

/** Exactly one of the keys says where the value comes from; a constant may stand beside a place. */
function sourceReader(value: Readonly<Record<string, unknown>>, place: string, depth: number): ValueReader {
  const { key, value: constant, map, loop, set } = value;
  const sources = [key, map, loop, set].filter((source) => source !== undefined);
  if (sources.length > 1) throw new MappingError(place, "must have only one of key, map, loop and set");
  if (key !== undefined) {
    if (typeof key !== "string") throw new MappingError(`${place}.key`, "must be a place in the event");
    const reader = pathReader(key, `${place}.key`);
    const fallback = constantOf(constant, `${place}.value`);
    if (fallback === undefined) return reader;
    return (scope) => {
      const found = reader(scope);
      return found === undefined || isBlankText(found, scope.budget) ? fallback : found;
    };
  }
  if (constant !== undefined && sources.length > 0)
    throw new MappingError(`${place}.value`, "may stand by itself or beside key only");
  if (map !== undefined) return mapReader(map, `${place}.map`, depth);
  if (loop !== undefined) return loopReader(loop, `${place}.loop`, depth);
  if (set !== undefined) return setReader(set, `${place}.set`, depth);
  if (constant === undefined) throw new MappingError(place, "must have one of key, value, map, loop and set");
  const fixed = constantOf(constant, `${place}.value`);
  return ({ budget }) => (budget.left-- > 0 ? fixed : undefined);
}

function constantOf(value: unknown, place: string): string | number | boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value))
  )
    return value;
  throw new MappingError(place, "must be text, a number, true, false or null");
}

function mapReader(map: unknown, place: string, depth: number): ValueReader {
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw new MappingError(place, "must be an object of values");
  const fields = Object.entries(map).map(([name, value]): readonly [string, ValueReader] => {
    const at = fieldPlace(place, name);
    assertName(name, at);
    return [name, compileValue(value, at, depth + 1)];
  });
  assertWidth(fields.length, place);
  return (scope) => {
    // Fields cost their own steps; without any, a map in a loop would be free.
    if (scope.budget.left-- <= 0) return undefined;
    const object: Record<string, unknown> = {};
    let isEmpty = true;
    for (const [name, reader] of fields) {
      const found = reader(scope);
      if (found === undefined) continue;
      object[name] = found;
      isEmpty = false;
    }
    return isEmpty ? undefined : object;
  };
}

function loopReader(loop: unknown, place: string, depth: number): ValueReader {
  if (!Array.isArray(loop) || loop.length !== 2 || typeof loop[0] !== "string")
    throw new MappingError(place, "must be a place and a value for each of its elements");
  const list = pathReader(loop[0], `${place}[0]`);
  const each = compileValue(loop[1], `${place}[1]`, depth + 1);
  return (scope) => {
    const elements = list(scope);
    if (elements === undefined) return undefined;
    const found: unknown[] = [];
    // One element that is no list is a list of one.
    for (const at of Array.isArray(elements) ? elements : [elements]) {
      if (scope.budget.left <= 0) break;
      scope.budget.left--;
      const value = each({ ...scope, at });
      if (value !== undefined) found.push(value);
    }
    return found.length === 0 ? undefined : found;
  };
}

function setReader(set: unknown, place: string, depth: number): ValueReader {
  if (!Array.isArray(set)) throw new MappingError(place, "must be a list of values");
  const readers = listOf(set, place, depth);
  return (scope) => {
    if (scope.budget.left-- <= 0) return undefined;
    const found = readers.map((reader) => reader(scope)).filter((value) => value !== undefined);
    return found.length === 0 ? undefined : found;
  };
}

function listOf(values: readonly unknown[], place: string, depth: number): readonly ValueReader[] {
  assertWidth(values.length, place);
  return values.map((value, i) => compileValue(value, `${place}[${i}]`, depth + 1));
}

function assertWidth(width: number, place: string): void {
  if (width > MAX_WIDTH) throw new MappingError(place, `must not have more than ${MAX_WIDTH} entries`);
}
