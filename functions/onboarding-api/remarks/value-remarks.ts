/** Values of settings that surely read something else than was meant. */

import { sharedConstants } from "../../../shared/api/checks/shared-constants.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import type { Path, Shape, ValuePlace } from "../../../shared/api/shapes/value-shape.ts";
import type { Value } from "../../../shared/core/mapping/value.schema.ts";
import { pointer } from "../field-errors.ts";

/** Where events of the Segment spec keep what is theirs, and the elements of their lists hardly anything. */
const OF_EVENTS = /^(?:properties|traits)(?:[.[]|$)/;

/** @param setting - That has the value. */
export function valueRemarks(place: ValuePlace, setting: "mapping" | "rows"): Remark[] {
  const remark = (code: Remark["code"]) => (path: Path, message: string) => ({
    pointer: pointer([setting, ...path]),
    code,
    message,
  });
  return [
    ...wordsAsPlaces(place).map(({ path, word }) =>
      remark("word_as_place")(path, `is read as a place: the word itself is {"value": "${word}"}`),
    ),
    ...sharedConstants(place).map(({ path, makes }) =>
      remark("shared_constant")(path, `is a constant: ${makes}`),
    ),
    ...(setting === "rows" ? [] : placesInLoops(place.value, place.path)).map((path) =>
      remark("place_in_loop")(
        path,
        "is read from each element of the loop: a place of the event begins with $.",
      ),
    ),
  ];
}

interface PlacedWord {
  readonly path: Path;
  readonly word: string;
}

/** Words of mParticle's that stand where a place is read. */
function wordsAsPlaces({ value, shape, path }: ValuePlace): PlacedWord[] {
  const within = (inner: Value, innerShape: Shape, ...steps: Path) =>
    wordsAsPlaces({ value: inner, shape: innerShape, path: [...path, ...steps] });
  if (typeof value === "string") return isWord(value, shape) ? [{ path, word: value }] : [];
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
    ...(loop ? within(loop[1], shape.of, "loop", 1) : []),
    ...set.flatMap((one, i) => within(one, shape.of, "set", i)),
  ];
}

function isWord(place: string, shape: Shape): boolean {
  return shape.kind === "scalar" && shape.words?.includes(place) === true;
}

/** Places of the event where those of a loop begin at its element. */
function placesInLoops(value: Value, path: Path, isInside = false): Path[] {
  const within = (inner: Value, ...steps: Path) => placesInLoops(inner, [...path, ...steps], isInside);
  if (typeof value === "string") return isInside && OF_EVENTS.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((one, i) => within(one, i));
  const { key, map = {}, loop, set = [] } = value;
  return [
    ...(key === undefined ? [] : within(key, "key")),
    ...Object.entries(map).flatMap(([name, one]) => within(one, "map", name)),
    ...(loop ? [...within(loop[0], "loop", 0), ...placesInLoops(loop[1], [...path, "loop", 1], true)] : []),
    ...set.flatMap((one, i) => within(one, "set", i)),
  ];
}
