/** What a document alone shows to be wrong with what its rules' `commerce` gives. */
import { newFindings } from "../core/convert/findings.ts";
import type { Mapping } from "../core/mapping/mapping.schema.ts";
import type { Constant, Value, ValueObject } from "../core/mapping/value.schema.ts";
import { COMMERCE_SHAPE, type FieldsShape, type Scalar, type Shape } from "./commerce-shape.ts";
import { nearestName } from "./nearest-name.ts";

type Path = readonly (string | number)[];

/** A place of a document and what is wrong there, which reads on from the place. */
export interface Wrong {
  readonly path: Path;
  readonly message: string;
  /** An event could make it right. */
  readonly isDoubtful?: true;
}

/** Of a document that compiles. What comes from a place of the event or through `convert` is known by events only. */
export function wrongCommerce(mapping: Mapping): Wrong[] {
  return commerceOf(mapping).filter(({ isDoubtful }) => !isDoubtful);
}

/** Words of mParticle's that stand where a place in the event is read: valid, and surely not meant. */
export function wordsAsPlaces(mapping: Mapping): Wrong[] {
  return commerceOf(mapping).filter(({ isDoubtful }) => isDoubtful);
}

function commerceOf({ rules }: Mapping): Wrong[] {
  return rules.flatMap(({ commerce }, i) =>
    commerce == null ? [] : wrongIn(commerce, COMMERCE_SHAPE, ["rules", i, "commerce"]),
  );
}

function wrongIn(value: Value, shape: Shape, path: Path): Wrong[] {
  if (typeof value === "string") return wordAsPlace(value, shape, path);
  if (Array.isArray(value)) return value.flatMap((one, i) => wrongIn(one, shape, [...path, i]));
  if (value.convert !== undefined) return [];
  if (value.map) return shape.kind === "fields" ? wrongFields(value.map, shape, path) : other(shape, path);
  if (value.loop) {
    const [, each] = value.loop;
    return shape.kind === "list" ? wrongIn(each, shape.of, [...path, "loop", 1]) : other(shape, path);
  }
  if (value.set)
    return shape.kind === "list"
      ? value.set.flatMap((one, i) => wrongIn(one, shape.of, [...path, "set", i]))
      : other(shape, path);
  return wrongConstant(value, shape, path);
}

function wordAsPlace(place: string, shape: Shape, path: Path): Wrong[] {
  if (shape.kind !== "scalar" || !shape.words?.includes(place)) return [];
  const message = `is read as a place in the event: the word itself is {"value": "${place}"}`;
  return [{ path, message, isDoubtful: true }];
}

/** A constant, or what counts for want of what a place gives. */
function wrongConstant({ value }: ValueObject, shape: Shape, path: Path): Wrong[] {
  if (value === undefined || value === null) return [];
  if (shape.kind !== "scalar") return other(shape, path);
  return isTaken(value, shape) ? [] : [{ path: [...path, "value"], message: shape.must }];
}

function isTaken(value: Constant, { reader }: Scalar): boolean {
  const findings = newFindings();
  reader({ values: { value }, path: "", findings }, "value");
  return !findings.list?.some(({ code }) => code === "field_invalid");
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
    return shape ? wrongIn(value, shape, at) : [{ path: at, message: unknown(name, called, fields) }];
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
