import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scalarText, trimmed } from "../../../shared/core/convert/text.ts";

describe("trimming", () => {
  it.each([
    ["", ""],
    [" ", ""],
    ["a", "a"],
    ["a b", "a b"],
    [" a", "a"],
    ["a\n", "a"],
    ["\u00a0a\ufeff", "a"],
    ["\u007fa\u0000", "\u007fa\u0000"],
    ["é ", "é"],
    ["😀", "😀"],
  ])("makes %j %j", (given, expected) => {
    expect(trimmed(given)).toBe(expected);
  });

  it("does what the language's own trimming does, whatever the text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(" ", "\t", "\u00a0", "\u2028", "\ufeff"),
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const text = pieces.join("");

        expect(trimmed(text)).toBe(text.trim());
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the text of a scalar", () => {
  it.each([
    ["as it is", "as it is"],
    ["", ""],
    [0, "0"],
    [-0, "0"],
    [1e21, "1e+21"],
    [0.1, "0.1"],
    [true, "true"],
    [false, "false"],
  ])("of %j is %j", (value, expected) => {
    expect(scalarText(value)).toBe(expected);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [null], [undefined], [{}], [[]], [1n]])(
    "does not exist for %s",
    (value) => {
      expect(scalarText(value)).toBeUndefined();
    },
  );
});
