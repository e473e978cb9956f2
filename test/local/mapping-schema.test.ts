import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, expect, test } from "vitest";
import { DATAFLY } from "../../shared/core/mapping/presets/datafly.ts";
import { SEGMENT } from "../../shared/core/mapping/presets/segment.ts";
import { WALKEROS } from "../../shared/core/mapping/presets/walkeros.ts";

const script = new URL("../../local/mapping-schema.ts", import.meta.url).pathname;
let validate: ValidateFunction;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  // Strict: a keyword that the draft does not know fails the compilation.
  validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false }).compile(
    JSON.parse(stdout),
  );
});

test.each([
  ["nothing", {}],
  ["the segment document", SEGMENT],
  ["the datafly document", DATAFLY],
  ["the walkeros document", WALKEROS],
  [
    "values of every form",
    {
      $schema: "./mapping.schema.json",
      userIdentities: {
        email: ["traits.email", { key: "user.mail", convert: ["trim", "lower"] }],
        other: null,
      },
      customAttributes: {
        "*": null,
        list: { loop: ["a", { map: { b: "c", d: { set: ["e", { value: 1 }] } } }] },
      },
    },
  ],
])("the schema for editors takes %s", (_, document) => {
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
});

test.each([
  ["an unknown field", { rulez: [] }],
  ["an unknown identity", { userIdentities: { customerid: "userId" } }],
  ["a value of an unknown form", { ip: { path: "a" } }],
  ["an unknown conversion", { ip: { key: "a", convert: "upper" } }],
  ["a rule with an unknown field", { rules: [{ evenType: "profile" }] }],
])("and refuses %s", (_, document) => {
  expect(validate(document)).toBe(false);
});
