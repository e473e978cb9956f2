import { describe, expect, it } from "vitest";
import * as z from "zod";
import { wrongInMapping } from "../../../shared/api/checks/check-mapping.ts";
import { COMMERCE_SHAPE } from "../../../shared/api/shapes/commerce-shape.ts";
import type { FieldsShape, Judged } from "../../../shared/api/shapes/value-shape.ts";
import { CommerceEventSchema } from "../../../shared/core/batch/events.schema.ts";
import { type Mapping, MappingSchema } from "../../../shared/core/mapping/mapping.schema.ts";
import { noticed, track } from "../convert/support.ts";

/** A place in what `commerce` gives, with the document that puts something there. */
interface Place {
  readonly called: string;
  readonly shape: Judged;
  readonly commerceOf: (value: unknown) => object;
  /** The same as an event would have it. */
  readonly objectOf: (value: unknown) => object;
}

/** What has to stand beside a field, so that nothing is wrong but the field. */
const BESIDE: Readonly<Record<string, readonly [unknown, unknown]>> = {
  "a product": [
    { id: { value: "p-1" }, name: { value: "P" } },
    { id: "p-1", name: "P" },
  ],
  "a promotion action": [{ action: { value: "view" } }, { action: "view" }],
};

function placesIn(shape: FieldsShape, outer: Omit<Place, "shape">): Place[] {
  const [mapBeside, beside] = BESIDE[shape.called] ?? [{}, {}];
  return Object.entries(shape.fields ?? {}).flatMap(([name, inner]) => {
    if (inner.kind === "anything") throw new Error(`${name} could not be wrong`);
    const place: Place = {
      called: `${outer.called}.${name}`,
      shape: inner,
      commerceOf: (value) => outer.commerceOf({ map: { ...(mapBeside as object), [name]: value } }),
      objectOf: (value) => outer.objectOf({ ...(beside as object), [name]: value }),
    };
    if (inner.kind === "scalar") return [place];
    if (inner.kind === "fields") return [place, ...placesIn(inner, place)];
    const entry: Place = {
      called: `${place.called}[0]`,
      shape: inner.of,
      commerceOf: (value) => place.commerceOf({ set: [value] }),
      objectOf: (value) => place.objectOf([value]),
    };
    return [place, entry, ...placesIn(inner.of, entry)];
  });
}

const TOP: Place = {
  called: "commerce",
  shape: COMMERCE_SHAPE,
  commerceOf: (value) => value as object,
  objectOf: (value) => value as object,
};
const PLACES = [TOP, ...placesIn(COMMERCE_SHAPE, TOP)];
const WITH_FIELDS = PLACES.filter(({ shape }) => shape.kind === "fields" && shape.fields);

/** All names of fields that mParticle's commerce events have anywhere, and all of the shape. */
const NAMES = [
  ...new Set([
    ...PLACES.flatMap(({ called }) => called.match(/[a-z_]+$/)?.[0] ?? []),
    ...Array.from(
      JSON.stringify(z.toJSONSchema(CommerceEventSchema, { io: "input" })).matchAll(/"([a-z_]+)":/g),
      ([, name]) => name ?? "",
    ),
  ]),
];

function mappingOf(commerce: unknown): Mapping {
  return MappingSchema.parse({ rules: [{ event: "T", eventType: "commerce_event", commerce }] });
}

function invalidIn(commerce: unknown, properties: object = {}): string[] {
  const mapping = { rules: [{ event: "T", eventType: "commerce_event", commerce }] };
  return noticed(track("T", { commerce: properties }), { mapping }).filter((text) =>
    text.startsWith("field_invalid "),
  );
}

const VALUES: readonly unknown[] = [
  ...["x", "7", " 7.5 ", "", "true", "eur", "purchase", "remove_from_wishlist", "view", "click"].map(
    (value) => ({ value }),
  ),
  ...[7, 7.5, -1, true, false, null].map((value) => ({ value })),
  { key: "nowhere", value: "fallback" },
  { map: { id: { value: "1" }, action: { value: "view" } } },
  { set: [{ value: 1 }] },
  { set: [{ map: { id: { value: "1" } } }] },
  { loop: ["this", { value: "x" }] },
  { loop: ["this", { map: { name: { value: "x" } } }] },
  [{ value: "x" }],
];

describe("the shape of a rule's commerce", () => {
  it.each(WITH_FIELDS)("has the fields that are read of $called, and no others", ({ shape, objectOf }) => {
    const { fields = {}, needs = [] } = shape as FieldsShape;
    const beside = Object.fromEntries(needs.map((name) => [name, "view"]));
    // Every field takes nothing, or an empty list.
    const read = NAMES.filter((name) =>
      [null, []].some((value) => {
        const told = invalidIn("properties.commerce", objectOf({ ...beside, [name]: value }));
        return !told.some((text) => text.endsWith(`.${name}`));
      }),
    );

    expect(read.toSorted()).toEqual(Object.keys(fields).toSorted());
  });

  it.each(PLACES)("refuses at $called what no event could mend", ({ commerceOf }) => {
    const judged = VALUES.map((value) => {
      const commerce = commerceOf(value);
      return { value, isRefused: wrongInMapping(mappingOf(commerce)).length > 0, told: invalidIn(commerce) };
    });

    expect(judged.filter(({ isRefused, told }) => isRefused !== told.length > 0)).toEqual([]);
    expect(judged.some(({ isRefused }) => isRefused)).toBe(true);
  });
});

it("a promotion needs no action of its own where its rule names one", () => {
  const commerce = { map: { promotion_action: { map: { promotions: "properties.promotions" } } } };
  const refusals = (rule: object) =>
    wrongInMapping(MappingSchema.parse({ rules: [{ event: "T", commerce, ...rule }] }));

  expect(refusals({ promotion: "view" })).toEqual([]);
  expect(refusals({ eventType: "commerce_event" })).toHaveLength(1);
});
