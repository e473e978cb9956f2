/** What a document alone shows to be wrong with a value of it. */
import { compileValue, scopeOf } from "../core/mapping/compile-value.ts";
import type { Constant, Value, ValueObject } from "../core/mapping/value.schema.ts";
import { nearestName } from "./nearest-name.ts";
import { type FieldsShape, isTaken, type Path, type Shape, type ValuePlace } from "./value-shape.ts";

/** A place of a document and what is wrong there, which reads on from the place. */
export interface Wrong {
  readonly path: Path;
  readonly message: string;
}

/** Of a value that compiles. What comes from a place of the event is known by events only. */
export function wrongIn({ value, shape, path }: ValuePlace): Wrong[] {
  if (typeof value === "string") return [];
  if (Array.isArray(value))
    return value.flatMap((one, i) => wrongIn({ value: one, shape, path: [...path, i] }));
  if (value.convert !== undefined) return wrongConverted(value, shape, path);
  if (value.map) return shape.kind === "fields" ? wrongFields(value.map, shape, path) : other(shape, path);
  if (value.loop) {
    const [, each] = value.loop;
    return shape.kind === "list"
      ? wrongIn({ value: each, shape: shape.of, path: [...path, "loop", 1] })
      : other(shape, path);
  }
  if (value.set)
    return shape.kind === "list"
      ? value.set.flatMap((one, i) => wrongIn({ value: one, shape: shape.of, path: [...path, "set", i] }))
      : other(shape, path);
  return wrongConstant(value.value, shape, path);
}

/** A constant is converted here as it would be for each event; of anything else only events tell what becomes of it. */
function wrongConverted(value: ValueObject, shape: Shape, path: Path): Wrong[] {
  const { key, value: constant } = value;
  if (key !== undefined || constant === undefined || constant === null) return [];
  const converted = compileValue(value, "")(scopeOf(undefined)) as Constant | undefined;
  return converted === undefined
    ? [{ path: [...path, "convert"], message: "does not take this constant" }]
    : wrongConstant(converted, shape, path);
}

/** A constant, or what counts for want of what a place gives. */
function wrongConstant(value: Constant | undefined, shape: Shape, path: Path): Wrong[] {
  if (value === undefined || value === null) return [];
  if (shape.kind !== "scalar") return other(shape, path);
  if (isTaken(value, shape)) return [];
  const nearest = nearestName(String(value), shape.words ?? []);
  const hint = nearest === undefined ? "" : `: did you mean ${nearest}?`;
  return [{ path: [...path, "value"], message: `${shape.must}${hint}` }];
}

function wrongFields(
  map: Readonly<Record<string, Value>>,
  { called, fields, needs }: FieldsShape,
  path: Path,
): Wrong[] {
  if (!fields) return [];
  const wrong = Object.entries(map).flatMap(([name, value]) => {
    const at = [...path, "map", name];
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return shape
      ? wrongIn({ value, shape, path: at })
      : [{ path: at, message: unknown(name, called, fields) }];
  });
  // A name that is unknown may be the misspelt one.
  if (wrong.length === 0 && needs && !needs.some((name) => Object.hasOwn(map, name)))
    return [
      { path: [...path, "map"], message: `must have ${needs.join(" or ")}: ${called} without is not sent` },
    ];
  return wrong;
}

function unknown(name: string, called: string, fields: FieldsShape["fields"] & object): string {
  const names = Object.keys(fields);
  const nearest = nearestName(name, names);
  return nearest === undefined
    ? `is no field of ${called}: those are ${names.join(", ")}`
    : `is no field of ${called}: did you mean ${nearest}?`;
}

/** One value where another kind of it is meant. */
function other(shape: Shape, path: Path): Wrong[] {
  return [{ path, message: mustBe(shape) }];
}

function mustBe(shape: Shape): string {
  if (shape.kind === "scalar") return shape.must;
  return shape.kind === "list"
    ? `must be a list, each of its entries ${shape.of.called}: a loop, or a set`
    : `must be a map of the fields of ${shape.called}`;
}

/** Words of mParticle's that stand where a place is read: valid, and surely not meant. */
export function wordsAsPlaces({ value, shape, path }: ValuePlace): Wrong[] {
  const within = (inner: Value, innerShape: Shape, ...steps: Path) =>
    wordsAsPlaces({ value: inner, shape: innerShape, path: [...path, ...steps] });
  if (typeof value === "string") return wordAsPlace(value, shape, path);
  if (Array.isArray(value)) return value.flatMap((one, i) => within(one, shape, i));
  const { key, map, loop, set } = value;
  if (key !== undefined) return wordAsPlace(key, shape, [...path, "key"]);
  if (map && shape.kind === "fields")
    return Object.entries(map).flatMap(([name, one]) => {
      const field = shape.fields?.[name];
      return field ? within(one, field, "map", name) : [];
    });
  if (shape.kind !== "list") return [];
  if (loop) return within(loop[1], shape.of, "loop", 1);
  return set?.flatMap((one, i) => within(one, shape.of, "set", i)) ?? [];
}

function wordAsPlace(place: string, shape: Shape, path: Path): Wrong[] {
  if (shape.kind !== "scalar" || !shape.words?.includes(place)) return [];
  return [{ path, message: `is read as a place: the word itself is {"value": "${place}"}` }];
}

/** A constant for what each user or device has its own of. */
export interface SharedConstant {
  readonly path: Path;
  /** What it makes of many. */
  readonly makes: string;
  /** Counts only for want of what the event says. */
  readonly isFallback: boolean;
}

const MAKES = {
  user: "all users who have it would be one person",
  device: "all devices that have it would be one",
  address: "all users who have it would be in one place",
} as const;

export function sharedConstants({ value, shape, path }: ValuePlace): SharedConstant[] {
  const { tells } = shape.kind === "scalar" ? shape : {};
  if (!tells) return [];
  let isFallback = false;
  return alternatives(value, path).flatMap((one) => {
    const { key, value: constant } = typeof one.value === "string" ? { key: one.value } : one.value;
    isFallback ||= key !== undefined;
    if (constant === undefined || constant === null || constant === "") return [];
    return [{ path: [...one.path, "value"], makes: MAKES[tells], isFallback }];
  });
}

/** Where one value of a list counts, all of them in their order. */
function alternatives(value: Value, path: Path): { value: string | ValueObject; path: Path }[] {
  return Array.isArray(value)
    ? value.flatMap((one, i) => alternatives(one, [...path, i]))
    : [{ value, path }];
}
