/** The places of events that a mapping reads. */
import type { Condition, Mapping } from "../../core/mapping/mapping.schema.ts";
import type { Value } from "../../core/mapping/value.schema.ts";
import type { Path, ValuePlace } from "../shapes/value-shape.ts";
import { valuesOf } from "./check-mapping.ts";
import type { Wrong } from "./check-value.ts";

export interface EventPlace {
  readonly text: string;
  readonly path: Path;
  /** Read from each element of a loop. */
  readonly isInLoop: boolean;
}

/** All places of a document, those of its conditions too. */
export function placesOf(mapping: Mapping): EventPlace[] {
  return [
    ...valuesOf(mapping).flatMap((value) => (isText(value) ? [] : placesIn(value.value, value.path))),
    ...mapping.rules.flatMap(({ when = [] }, i) =>
      when.flatMap((one, j) => conditionPlaces(one, ["rules", i, "when", j])),
    ),
  ];
}

/** The name of a rule's events is meant as it stands. */
function isText({ value, path: [section, , field] }: ValuePlace): boolean {
  return typeof value === "string" && section === "rules" && field === "name";
}

export function placesIn(value: Value, path: Path, isInLoop = false): EventPlace[] {
  const within = (inner: Value, ...steps: Path) => placesIn(inner, [...path, ...steps], isInLoop);
  if (typeof value === "string") return [{ text: value, path, isInLoop }];
  if (Array.isArray(value)) return value.flatMap((one, i) => within(one, i));
  const { key, map = {}, loop, set = [] } = value;
  return [
    ...(key === undefined ? [] : within(key, "key")),
    ...Object.entries(map).flatMap(([name, one]) => within(one, "map", name)),
    ...(loop ? [...within(loop[0], "loop", 0), ...placesIn(loop[1], [...path, "loop", 1], true)] : []),
    ...set.flatMap((one, i) => within(one, "set", i)),
  ];
}

function conditionPlaces({ key, anyOf = [], not }: Condition, path: Path): EventPlace[] {
  return [
    ...(key === undefined ? [] : placesIn(key, [...path, "key"])),
    ...anyOf.flatMap((one, i) => conditionPlaces(one, [...path, "anyOf", i])),
    ...(not ? conditionPlaces(not, [...path, "not"]) : []),
  ];
}

/** Delivery reads a field of this name, which no event has. */
export function wrongPlaces(mapping: Mapping): Wrong[] {
  return placesOf(mapping).flatMap(({ text, path }) =>
    text === "$" ? [{ path, message: "must go on after $, which begins a place: $.properties.total" }] : [],
  );
}
