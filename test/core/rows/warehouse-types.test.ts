import { describe, expect, it, test } from "vitest";
import { contributionOf, convert, MOMENT, MOMENT_MS, noticed } from "../convert/support.ts";
import { attributes, data, modelled, row } from "./support.ts";

describe("types of warehouses", () => {
  test.each([
    ["decimal text", "12.340", "12.340"],
    ["a boolean", false, "false"],
    ["digits beyond a number", "123456789012345678901", "123456789012345678901"],
    ["a date", "2026-11-24", "2026-11-24"],
    ["a BigQuery date", { value: "2026-11-24" }, "2026-11-24"],
    ["a list", ["a", 1, null, true], ["a", "1", "true"]],
    ["JSON text of a list", '["a","b"]', ["a", "b"]],
    ["text in brackets that is no JSON", "[draft]", "[draft]"],
    ["blank text", "", ""],
  ])("an attribute of %s", (_, value, expected) => {
    expect(attributes({ it: value })).toEqual({ it: expected });
  });

  it("an attribute of an object, or of JSON text of one, is flattened", () => {
    expect(attributes({ it: { a: { b: 1 } }, text: '{"a":true}' })).toEqual({
      "it.a.b": "1",
      "text.a": "true",
    });
  });

  it("an attribute of JSON text keeps all digits of its numbers", () => {
    expect(
      attributes({
        it: '{"id":12345678901234567890,"small":1.50,"ids":[-9007199254740993,1]}',
        ids: "[9007199254740993]",
        large: '{"x":1e300}',
      }),
    ).toEqual({
      "it.id": "12345678901234567890",
      "it.small": "1.5",
      "it.ids": ["-9007199254740993", "1"],
      ids: ["9007199254740993"],
      "large.x": "1e+300",
    });
  });

  it("JSON text stays text where the model says so", () => {
    expect(attributes({ it: "[1]" }, { fields: { it: { key: "it", convert: "string" } } })).toEqual({
      it: "[1]",
    });
  });

  test.each([
    [0, false],
    [1, true],
    ["0", false],
    ["F", false],
    ["true", true],
    ["yes", true],
    [true, true],
  ])("a boolean of %j", (value, expected) => {
    const values = { product_action: "click", product_id: "p", is_non_interactive: value };

    expect(data(values, { eventType: "commerce_event" })).toMatchObject({ is_non_interactive: expected });
  });

  test.each([
    ["a date", "2024-01-29", "2024-01-29T00:00:00.000Z", true],
    ["a time without zone", "2024-01-29 14:53:20.123456", "2024-01-29T14:53:20.123Z", true],
    ["with T", "2024-01-29T14:53:20", "2024-01-29T14:53:20.000Z", true],
    ["an offset", "2024-01-29 14:53:20.000 +0200", "2024-01-29T12:53:20.000Z", false],
    ["a short offset", "2024-01-29 14:53:20-01", "2024-01-29T15:53:20.000Z", false],
    ["an offset with its zone", "2024-01-29T15:53:20+01:00[Europe/Oslo]", MOMENT, false],
    ["Go's text", "2024-01-29 14:53:20.678 +0000 UTC", "2024-01-29T14:53:20.678Z", false],
    ["Go's text of a place", "2024-01-29 16:53:20 +0200 CEST", "2024-01-29T14:53:20.000Z", false],
    ["UTC in words", "2024-01-29 14:53:20 UTC", "2024-01-29T14:53:20.000Z", false],
    ["BigQuery's object", { value: "2024-01-29T14:53:20.5Z" }, "2024-01-29T14:53:20.500Z", false],
    ["epoch milliseconds", MOMENT_MS, MOMENT, false],
    ["epoch microseconds", MOMENT_MS * 1000, MOMENT, false],
    ["epoch nanoseconds in text", `${MOMENT_MS}000000`, MOMENT, false],
  ])("a timestamp as %s", (_, value, expected, isWithoutZone) => {
    const setup = modelled({ eventType: "user_attributes", timestamp: "AT" });
    const event = row({ customer_id: "c", AT: value });

    expect(new Date(contributionOf(event, setup).occurredAtMs).toISOString()).toBe(expected);
    expect(noticed(event, setup)).toEqual(isWithoutZone ? ["timestamp_without_zone values.AT"] : []);
  });

  it.each([[{}], [{ AT: null }]])("a timestamp that is absent is told: %j", (values) => {
    const setup = modelled({ eventType: "user_attributes", timestamp: "AT" });
    const event = row({ customer_id: "c", ...values }, { timestamp: MOMENT });

    expect(contributionOf(event, setup).occurredAtMs).toBe(MOMENT_MS);
    expect(noticed(event, setup)).toEqual(["row_timestamp_missing values.AT"]);
    expect(convert(event, setup).findings[0]?.message).toBe(
      "The row counts as of its message's time: there is nothing in column AT.",
    );
  });

  it("a timestamp that cannot be read is not the row's time", () => {
    const setup = modelled({ eventType: "user_attributes", timestamp: "AT" });
    const event = row({ customer_id: "c", AT: "soon" }, { timestamp: MOMENT });

    expect(contributionOf(event, setup).occurredAtMs).toBe(MOMENT_MS);
    expect(noticed(event, setup)).toEqual(["timestamp_invalid values.AT"]);
  });
});
