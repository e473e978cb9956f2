import { describe, expect, it } from "vitest";
import { MAX_STEPS_PER_EVENT } from "../../../shared/core/mapping/budget.ts";
import { compileValue, scopeOf } from "../../../shared/core/mapping/compile-value.ts";
import { MappingError } from "../../../shared/core/mapping/mapping-error.ts";
import { ValueSchema } from "../../../shared/core/mapping/value.schema.ts";

const EVENT = {
  userId: "u1",
  context: { "a.b": "dotted", locale: "de-DE", 0: "first" },
  properties: {
    total: "129.90",
    isNew: "t",
    nothing: null,
    at: "2026-01-15T09:00:00Z",
    tags: ["a", 2, true, {}],
    products: [
      { id: "A", price: 10 },
      { id: "B", price: "20.5" },
    ],
  },
};

function found(value: unknown, event: unknown = EVENT): unknown {
  return compileValue(value, "v")(scopeOf(event));
}

describe("values of a mapping document", () => {
  it.each([
    ["a place", "userId", "u1"],
    ["a place in a list", "properties.products[1].id", "B"],
    ["a place in a list as walkerOS writes it", "properties.products.1.id", "B"],
    ["a name of digits", "context.0", "first"],
    ["a name in quotes", 'context["a.b"]', "dotted"],
    ["a place that is not there", "properties.products[7].id", undefined],
    ["null, which is nothing", "properties.nothing", undefined],
    ["a name on a list, which has none", "properties.tags.length", undefined],
    ["what is inherited, which is nothing", "properties.toString", undefined],
    ["the first that gives something", ["traits.email", "userId"], "u1"],
    ["none of several", ["traits.email", "traits.phone"], undefined],
    ["a constant", { value: "web" }, "web"],
    ["a constant where the place gives nothing", { key: "traits.plan", value: "free" }, "free"],
    ["a place before its constant", { key: "userId", value: "free" }, "u1"],
    ["an object, without what gives nothing", { map: { id: "userId", plan: "traits.plan" } }, { id: "u1" }],
    ["an object of nothing", { map: { plan: "traits.plan" } }, undefined],
    ["a list of what several give", { set: ["userId", "traits.plan", { value: 1 }] }, ["u1", 1]],
    [
      "a value for each element, which may look at the event",
      { loop: ["properties.products", { map: { sku: "id", user: "$.userId" } }] },
      [
        { sku: "A", user: "u1" },
        { sku: "B", user: "u1" },
      ],
    ],
    ["each element itself", { loop: ["properties.products", "this"] }, EVENT.properties.products],
    ["a loop over one object", { loop: ["context", "locale"] }, ["de-DE"]],
  ])("read %s", (_, value, expected) => {
    expect(found(value)).toEqual(expected);
  });

  it.each([
    ["the next place", ["traits.number", "userId"], { traits: { number: "" }, userId: "u" }, "u"],
    ["the next of three", ["a", "b", "c"], { a: " ", c: "x" }, "x"],
    ["a value that is made of it", [{ key: "a", convert: "lower" }, "b"], { a: "\t", b: "x" }, "x"],
    ["the constant of the place", { key: "a", value: "free" }, { a: "" }, "free"],
    ["itself, where no other gives anything", ["a", "b"], { a: "", b: null }, ""],
    ["the first, of several", ["a", "b"], { a: "", b: " " }, ""],
  ])("take for blank text %s", (_, value, event, expected) => {
    expect(compileValue(value, "v")(scopeOf(event))).toBe(expected);
  });

  it("pay for looking whether long text is blank", () => {
    const scope = scopeOf({ list: Array.from({ length: 1_000 }, () => 1), text: " ".repeat(100_000) });

    compileValue({ loop: ["list", ["$.text", "$.text"]] }, "v")(scope);

    expect(scope.budget.left).toBeLessThanOrEqual(0);
  });

  it.each([
    ["properties.total", "number", 129.9],
    ["properties.total", "integer", 129],
    ["properties.isNew", "boolean", true],
    ["context.locale", "lower", "de-de"],
    ["properties.at", "epoch_ms", 1768467600000],
    ["properties.tags", { join: "|" }, "a|2|true"],
    ["properties.products[0]", "string", '{"id":"A","price":10}'],
    ["userId", "sha256", "bb82030dbc2bcaba32a90bf2e207a84a856fc5f033b77c480836ab6f77f40f19"],
    ["context.locale", ["lower", "trim"], "de-de"],
  ])("convert %s by %j", (key, convert, expected) => {
    expect(found({ key, convert })).toEqual(expected);
  });

  it("tell the place in the document of what cannot be converted, and take the constant for it", () => {
    const scope = scopeOf(EVENT);

    const value = compileValue({ key: "context.locale", convert: "number", value: 0 }, "deviceInfo.x")(scope);

    expect({ value, unusable: scope.budget.unusable }).toEqual({ value: 0, unusable: ["deviceInfo.x"] });
  });

  it("stop when loops in loops have cost what an event may cost", () => {
    const list = Array.from({ length: 5_000 }, () => 1);
    const scope = scopeOf({ list });

    compileValue({ loop: ["list", { loop: ["$.list", { loop: ["$.list", "this"] }] }] }, "v")(scope);

    expect(scope.budget.left).toBeLessThanOrEqual(0);
    expect(scope.budget.left).toBeGreaterThan(-MAX_STEPS_PER_EVENT);
  });
});

/** Each with the one place that is wrong and what is expected there. */
const WRONG: readonly (readonly [unknown, string, RegExp])[] = [
  [7, "v", /must be a place/],
  [null, "v", /must be a place/],
  ["", "v", /1 to 512/],
  ["a..b", "v", /such as properties\.total/],
  ["a[x]", "v", /such as/],
  ["a.__proto__.b", "v", /must not use the name __proto__/],
  ['a["constructor"]', "v", /must not use the name constructor/],
  [[], "v", /must not be empty/],
  [["userId", {}], "v[1]", /must have one of/],
  [{ kee: "userId" }, "v.kee", /is not one of key, value/],
  [{ fn: "(e) => e" }, "v.fn", /would be code/],
  [{ key: "userId", condition: "x" }, "v.condition", /would be code/],
  [{ key: 7 }, "v.key", /must be a place/],
  [{ key: "userId", map: {} }, "v", /only one of/],
  [{ map: { a: "userId" }, value: 1 }, "v.value", /by itself or beside key/],
  [{ map: ["a"] }, "v.map", /must be an object/],
  [{ map: { a: { map: { b: 3 } } } }, "v.map.a.map.b", /must be a place/],
  [{ map: { constructor: "userId" } }, "v.map.constructor", /must not use the name/],
  [{ loop: ["a"] }, "v.loop", /a place and a value/],
  [{ loop: ["a", { loop: ["b", 1] }] }, "v.loop[1].loop[1]", /must be a place/],
  [{ set: "a" }, "v.set", /must be a list/],
  [{ value: { a: 1 } }, "v.value", /must be text/],
  [{ key: "a", convert: "upper" }, "v.convert", /must be one of string/],
  [{ key: "a", convert: ["lower", { join: 1 }] }, "v.convert[1].join", /must be text/],
];

describe("a wrong value", () => {
  it.each(WRONG)("%j is refused at %s", (value, path, problem) => {
    const failure = caught(() => compileValue(value, "v"));

    expect(failure?.field).toBe(path);
    expect(failure?.problem).toMatch(problem);
  });

  it("is refused when it nests too deep, however deep that is", () => {
    let value: unknown = "userId";
    for (let i = 0; i < 10_000; i++) value = [value];

    expect(caught(() => compileValue(value, "v"))?.problem).toMatch(/values deep/);
  });
});

it("the schema for editors takes what compiles", () => {
  for (const value of [
    "a.b",
    ["a", { key: "b", value: 1, convert: ["lower"] }],
    { loop: ["a", { map: { b: "c" } }] },
  ])
    expect(ValueSchema.safeParse(value).success).toBe(true);
  for (const value of [7, [], { kee: "a" }, { fn: "x" }, { map: { a: 1 } }])
    expect(ValueSchema.safeParse(value).success).toBe(false);
});

function caught(work: () => unknown): MappingError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof MappingError) return error;
    throw error;
  }
  return undefined;
}
