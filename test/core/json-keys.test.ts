import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasDuplicateKey } from "../../shared/core/json-keys.ts";

describe("a name that occurs twice", () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":[],"c":{},"a":null}}]',
    '{"":1,"":2}',
    '{"a\\"":1,"a\\"":2}',
    '{"__proto__":1,"__proto__":2}',
  ])("is found in %s", (json) => {
    expect(hasDuplicateKey(json)).toBe(true);
  });

  it.each([
    '{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}',
    '["a","a"]',
    '{"a":"a","b":"a:a,a"}',
    '{"a":"\\",\\"a\\":1"}',
    '"a"',
    "1",
  ])("is not seen in %s", (json) => {
    expect(hasDuplicateKey(json)).toBe(false);
  });

  it("is in nothing that JSON.stringify writes, and is in every object that has a member twice", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, name) => {
        const json = JSON.stringify(value);
        expect(hasDuplicateKey(json)).toBe(false);
        const key = JSON.stringify(name);
        expect(hasDuplicateKey(`[{${key}:${json},"x${name.length}":1,${key}:${json}}]`)).toBe(true);
      }),
    );
  });

  it("is looked for in a text of a megabyte without trouble", () => {
    const long = "x\\n".repeat(350_000);

    expect(hasDuplicateKey(`{"a":"${long}","a":1}`)).toBe(true);
  });
});
