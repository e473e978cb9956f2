import { expect, it } from "vitest";
import { convert, SENT_AT_MS } from "../convert/support.ts";

/** A list of as many elements, and what a mapping makes of it. */
function converted(elements: number, mapping: Record<string, unknown>) {
  const list = Array.from({ length: elements }, (_, i) => ({ id: String(i) }));
  return convert(
    {
      type: "track",
      event: "A",
      userId: "u",
      timestamp: new Date(SENT_AT_MS).toISOString(),
      properties: { list },
    },
    { mapping },
  );
}

const EMPTY_SETS = { set: Array.from({ length: 200 }, () => ({ set: [] })) };
const EMPTY_MAPS = { set: Array.from({ length: 200 }, () => ({ map: {} })) };

it.each([
  ["sets of nothing", { customAttributes: { a: { loop: ["properties.list", EMPTY_SETS] } } }],
  ["maps of nothing", { customAttributes: { a: { loop: ["properties.list", EMPTY_MAPS] } } }],
  [
    "a list that stands in many products",
    {
      rules: [
        {
          event: "A",
          action: "purchase",
          requires: "nothing",
          commerce: {
            map: {
              product_impressions: {
                set: Array.from({ length: 400 }, () => ({ map: { products: "properties.list" } })),
              },
            },
          },
        },
      ],
    },
  ],
])("a mapping of %s is too costly for a long list, and that event's ending alone", (_, mapping) => {
  const rejected = converted(10_000, mapping);

  expect(rejected.kind).toBe("rejected");
  expect(rejected.findings.map(({ code }) => code)).toContain("mapping_too_costly");
  expect(converted(1, mapping).kind).toBe("contribution");
});

it("reads twelve fields of each of 600 products, which is more than a batch may hold", () => {
  const fields = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, "id"]));
  const each = { map: { id: "id", custom_attributes: { map: fields } } };
  const commerce = { map: { product_action: { map: { products: { loop: ["properties.list", each] } } } } };
  const mapping = { rules: [{ event: "A", action: "purchase", commerce }] };

  expect(converted(600, mapping).kind).toBe("contribution");
});
