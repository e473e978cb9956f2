import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkCode } from "../../local/compile/check-code.ts";
import { plainSchemaOf } from "../../local/compile/plain-schema-of.ts";

describe("plainSchemaOf", () => {
  it("merges alternatives of different types", () => {
    const schema = z.union([z.string().min(1), z.array(z.int().min(0)).min(1).max(9)]).nullish();

    expect(plainSchemaOf(schema)).toEqual({
      type: ["string", "array", "null"],
      minLength: 1,
      minItems: 1,
      maxItems: 9,
      items: { type: ["integer"], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    });
  });

  it("tells strict objects from open ones", () => {
    const shape = { a: z.string(), b: z.string().optional(), c: z.string().default("x") };
    const fields = {
      type: ["object"],
      properties: { a: { type: ["string"] }, b: { type: ["string"] }, c: { type: ["string"], default: "x" } },
      required: ["a"],
    };

    expect(plainSchemaOf(z.object(shape))).toEqual(fields);
    expect(plainSchemaOf(z.looseObject(shape))).toEqual({ ...fields, additionalProperties: {} });
    expect(plainSchemaOf(z.strictObject(shape))).toEqual({ ...fields, additionalProperties: false });
  });

  it.each<[string, z.ZodType]>([
    ["a refinement", z.string().refine((text) => text !== "no")],
    ["a transformation", z.string().transform((text) => text.length)],
    ["a union within one type", z.union([z.string().min(3), z.string().max(1)])],
    ["a nullable enumeration", z.enum(["a", "b"]).nullable()],
    ["an exclusive bound", z.number().gt(0)],
    ["a pattern with flags", z.string().regex(/a/i)],
    ["two lower bounds", z.int().min(1).min(0)],
    ["two patterns", z.string().regex(/a/).regex(/b/)],
    ["a multiple of anything but one", z.number().multipleOf(5)],
    ["a coercion", z.coerce.number()],
    ["a record of certain keys", z.record(z.enum(["a"]), z.string())],
    ["a record of keys in a form", z.record(z.string().max(3), z.string())],
  ])("refuses %s instead of losing it", (_, schema) => {
    expect(() => plainSchemaOf(z.object({ field: schema }))).toThrow("cannot compile");
  });
});

describe("checkCode", () => {
  it("writes the same code for the same schemas", () => {
    const schema = plainSchemaOf(z.strictObject({ a: z.string(), b: z.array(z.string()) }));

    expect(checkCode({ schema })).toBe(checkCode({ schema }));
  });

  it("writes one function for equal schemas", () => {
    const code = checkCode({ one: { type: ["string"] }, other: { type: ["string"] } });

    expect(code.match(/^function /gm)).toHaveLength(1);
    expect(code).toContain("export { check0 as one, check0 as other };");
  });
});
