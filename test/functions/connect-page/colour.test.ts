import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contrast, standingOut, textOn } from "../../../functions/connect-page/colour.ts";

const colours = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, "0")}`);

describe("contrast", () => {
  it.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    ["#767676", "#ffffff", 4.54],
    ["#FF0000", "#ffffff", 4],
  ])("of %s and %s is that of WCAG's formula, either way round", (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 2);
    expect(contrast(other, one)).toBeCloseTo(expected, 2);
  });
});

it("finds a readable text for every colour", () => {
  fc.assert(fc.property(colours, (colour) => contrast(textOn(colour), colour) >= 4.5));
});

it("makes every colour stand out from the page's backgrounds", () => {
  fc.assert(
    fc.property(
      colours,
      fc.constantFrom("#f5f6f8", "#191f26"),
      fc.constantFrom(3, 4.5),
      (colour, background, wanted) => contrast(standingOut(colour, background, wanted), background) >= wanted,
    ),
  );
});

it("leaves a colour that stands out already as it is", () => {
  expect(standingOut("#5b3df5", "#f5f6f8", 4.5)).toBe("#5b3df5");
});
