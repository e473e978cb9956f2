import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonTextAt } from "../../shared/core/json-text.ts";

describe("the text of a value within JSON text", () => {
  it.each<{ what: string; json: string; path: (string | number)[]; text: string | undefined }>([
    { what: "an object", json: '{"a":{"b":[1, 2]},"c":3}', path: ["a"], text: '{"b":[1, 2]}' },
    { what: "an entry of a list", json: '[1,{"x":"]"},"two"]', path: [1], text: '{"x":"]"}' },
    { what: "a number before a bracket", json: '{"a":[-1.5e3]}', path: ["a", 0], text: "-1.5e3" },
    { what: "a word before a comma", json: '{"a":null,"b":true}', path: ["a"], text: "null" },
    { what: "text with escaped quotes", json: '{"a":"\\"}\\\\","b":1}', path: ["a"], text: '"\\"}\\\\"' },
    { what: "a field by an escaped name", json: '{"\\u0061":1}', path: ["a"], text: "1" },
    { what: "the last of two fields of one name", json: '{"a":1,"a":2}', path: ["a"], text: "2" },
    { what: "a value among white space", json: ' { "a" : [ 7 , 8 ] } ', path: ["a", 1], text: "8" },
    { what: "the whole", json: " [1] ", path: [], text: "[1]" },
    { what: "no such field", json: '{"a":1}', path: ["b"], text: undefined },
    { what: "no such entry", json: "[1]", path: [1], text: undefined },
    { what: "an entry of an empty list", json: "[]", path: [0], text: undefined },
    { what: "a field of a list", json: "[1]", path: ["a"], text: undefined },
    { what: "an entry of an object", json: '{"0":1}', path: [0], text: undefined },
  ])("is told for $what", ({ json, path, text }) => {
    expect(jsonTextAt(json, path)).toBe(text);
  });

  it("is found however deep the value nests", () => {
    const deep = "[".repeat(50_000) + "]".repeat(50_000);

    expect(jsonTextAt(`{"events":[1,${deep},2]}`, ["events", 1])).toBe(deep);
  });

  it("reads as the value that JSON.parse finds there", () => {
    const values = fc.dictionary(fc.string(), fc.array(fc.jsonValue({ maxDepth: 3 })), { maxKeys: 4 });
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const json = JSON.stringify(value, null, indent);

        for (const [name, list] of Object.entries(JSON.parse(json) as Record<string, unknown[]>)) {
          for (const [position, entry] of list.entries())
            expect(JSON.parse(jsonTextAt(json, [name, position]) ?? "")).toEqual(entry);
          expect(jsonTextAt(json, [name, list.length])).toBeUndefined();
        }
      }),
    );
  });
});
