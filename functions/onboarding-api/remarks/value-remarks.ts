/** Values of settings that surely give something else than was meant. */
import { sharedConstants } from "../../../shared/api/checks/shared-constants.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import type { Path, Shape, ValuePlace } from "../../../shared/api/shapes/value-shape.ts";
import { compileValue, scopeOf } from "../../../shared/core/mapping/compile-value.ts";
import type { Constant, Value } from "../../../shared/core/mapping/value.schema.ts";
import { pointer } from "../field-errors.ts";

/** @param setting - That has the value. */
export function valueRemarks(place: ValuePlace, setting: "mapping" | "rows" | "consent"): Remark[] {
  const remark = (code: Remark["code"]) => (path: Path, message: string) => ({
    pointer: pointer([setting, ...path]),
    code,
    message,
  });
  return [
    // Columns of a file without names are called by their numbers.
    ...wordsAsPlaces(place, setting === "rows").map(({ path, meant }) =>
      remark("word_as_place")(
        path,
        `is read as a place: the ${typeof meant === "number" ? "number" : "word"} itself is {"value": ${JSON.stringify(meant)}}`,
      ),
    ),
    ...sharedConstants(place).map(({ path, makes }) =>
      remark("shared_constant")(path, `is a constant: ${makes}`),
    ),
    ...unusableConstants(place.value, place.path).map((path) =>
      remark("constant_not_sent")(path, "does not take this constant: it is never sent"),
    ),
  ];
}

interface PlacedWord {
  readonly path: Path;
  readonly meant: Constant;
}

/** Words of mParticle's, and numbers, that stand where a place is read. @param isInside - Where a number may be a place. */
function wordsAsPlaces({ value, shape, path }: ValuePlace, isInside: boolean): PlacedWord[] {
  const within = (inner: Value, innerShape: Shape, ...steps: Path) =>
    wordsAsPlaces({ value: inner, shape: innerShape, path: [...path, ...steps] }, isInside);
  if (typeof value === "string") {
    const meant = literalOf(value, shape);
    // The element of a loop may be a list, which has positions.
    return meant === undefined || (isInside && typeof meant === "number") ? [] : [{ path, meant }];
  }
  if (Array.isArray(value)) return value.flatMap((one, i) => within(one, shape, i));
  const { key, map = {}, loop, set = [] } = value;
  if (key !== undefined) return within(key, shape, "key");
  if (shape.kind === "fields")
    return Object.entries(map).flatMap(([name, one]) => {
      const field = shape.fields?.[name];
      return field ? within(one, field, "map", name) : [];
    });
  if (shape.kind !== "list") return [];
  return [
    ...(loop ? wordsAsPlaces({ value: loop[1], shape: shape.of, path: [...path, "loop", 1] }, true) : []),
    ...set.flatMap((one, i) => within(one, shape.of, "set", i)),
  ];
}

/** The constant that a place surely stands for. */
function literalOf(place: string, shape: Shape): Constant | undefined {
  if (shape.kind !== "scalar") return undefined;
  return shape.literal ? shape.literal(place) : shape.words?.find((word) => word === place);
}

/** Constants that their conversion does not take, so that nothing is ever sent. */
function unusableConstants(given: Value, path: Path): Path[] {
  if (typeof given === "string") return [];
  if (Array.isArray(given)) return given.flatMap((one, i) => unusableConstants(one, [...path, i]));
  const { key, value, map = {}, loop, set = [], convert } = given;
  if (key === undefined && convert !== undefined && value !== undefined && value !== null)
    return compileValue(given, "")(scopeOf(undefined)) === undefined ? [[...path, "convert"]] : [];
  return [
    ...Object.entries(map).flatMap(([name, one]) => unusableConstants(one, [...path, "map", name])),
    ...(loop ? unusableConstants(loop[1], [...path, "loop", 1]) : []),
    ...set.flatMap((one, i) => unusableConstants(one, [...path, "set", i])),
  ];
}
