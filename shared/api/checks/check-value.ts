/** What a document alone shows to be wrong with a value of it. */
import { compileValue, scopeOf } from "../../core/mapping/compile-value.ts";
import type { Constant, Value, ValueObject } from "../../core/mapping/value.schema.ts";
import { type FieldsShape, isTaken, type Judged, type Path, type ValuePlace } from "../shapes/value-shape.ts";
import { nearestName } from "./nearest-name.ts";

/** A place of a document and what is wrong there, which reads on from the place. */
export interface Wrong {
  readonly path: Path;
  readonly message: string;
}

/** Of a value that compiles. What comes from a place of the event is known by events only. */
export function wrongIn({ value, shape, path }: ValuePlace): Wrong[] {
  if (typeof value === "string" || shape.kind === "anything") return [];
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

/**
 * A constant is converted here as it would be for each event, or for those that have nothing at its place: there it counts as it is
 * where it cannot be converted. Of anything else only events tell what becomes of it.
 */
function wrongConverted(value: ValueObject, shape: Judged, path: Path): Wrong[] {
  const { value: constant } = value;
  if (constant === undefined || constant === null) return [];
  const converted = compileValue(value, "")(scopeOf(undefined)) as Constant | undefined;
  return converted === undefined
    ? [{ path: [...path, "convert"], message: "does not take this constant" }]
    : wrongConstant(converted, shape, path);
}

/** A constant, or what counts for want of what a place gives. */
function wrongConstant(value: Constant | undefined, shape: Judged, path: Path): Wrong[] {
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
  if (wrong.length === 0 && needs?.length && !needs.some((name) => Object.hasOwn(map, name)))
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
function other(shape: Judged, path: Path): Wrong[] {
  return [{ path, message: mustBe(shape) }];
}

function mustBe(shape: Judged): string {
  if (shape.kind === "scalar") return shape.must;
  return shape.kind === "list"
    ? `must be a list, each of its entries ${shape.of.called}: a loop, or a set`
    : `must be a map of the fields of ${shape.called}`;
}
