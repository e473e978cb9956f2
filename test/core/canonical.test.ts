import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, contentHash } from "../../shared/core/canonical.ts";

describe("canonicalJson", () => {
  it.each([
    [{ b: 1, a: [true, null, "x"] }, '{"a":[true,null,"x"],"b":1}'],
    [{}, "{}"],
    [[], "[]"],
    [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
    ["\ud800", '"\\ud800"'],
    [[[]], "[[]]"],
    [Number.POSITIVE_INFINITY, "null"],
  ])("writes %j as %s", (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());

        expect(canonicalJson(reversed)).toBe(canonicalJson(object));
      }),
    );
  });

  it("reads input that nests deeper than the call stack", () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));

    expect(canonicalJson(deep)).toHaveLength(200_000);
  });

  it("keeps a key named __proto__", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });
});

describe("contentHash", () => {
  it("is 43 characters of base64url, equal for equal content only", () => {
    const hash = contentHash({ a: 1, b: 2 });

    expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(contentHash({ b: 2, a: 1 })).toBe(hash);
    expect(contentHash({ a: 1, b: 3 })).not.toBe(hash);
  });
});
