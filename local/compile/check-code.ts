/**
 * Schemas -> JavaScript. Every distinct schema becomes one function from a value to its first problem, or undefined; equal
 * schemas share a function.
 *
 * Objects are walked along the keys that they have. Asking for each field that they may have is the obvious alternative,
 * and faster while all objects are alike; but events come in hundreds of shapes, and then it takes seven times as long.
 */
import type { JsonType, PlainSchema } from "../../shared/core/plain-schema.ts";

/** Whether `v` is of a type. A number that JSON cannot express is of none. */
const TESTS: Readonly<Record<JsonType, string>> = {
  string: 'typeof v === "string"',
  number: "Number.isFinite(v)",
  integer: "Number.isInteger(v)",
  boolean: 'typeof v === "boolean"',
  null: "v === null",
  array: "Array.isArray(v)",
  object: "isObject(v)",
};

const PRELUDE = `import { problemAt, problemIn } from "../problem.ts";
const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
const wrong = (problem) => problemAt("", problem);
const missing = (name) => problemAt(name, "is required");
const unknown = (name) => problemAt(name, "is not a known field");`;

/** What was made so far. */
interface Made {
  /** By the text of their schema. */
  readonly functions: Map<string, { readonly name: string; code: string }>;
  /** Names of constants by what they say is wrong: few sentences stand in hundreds of places. */
  readonly problems: Map<string, string>;
}

/** An ES module that exports a check for each schema, by its name. */
export function checkCode(schemas: Readonly<Record<string, PlainSchema>>): string {
  const made: Made = { functions: new Map(), problems: new Map() };
  const exported = Object.entries(schemas).map(([name, schema]) => `${functionFor(schema, made)} as ${name}`);
  const problems = Array.from(
    made.problems,
    // Bundles leave out those that only other functions' checks say.
    ([problem, name]) => `const ${name} = /* @__PURE__ */ wrong(${JSON.stringify(problem)});`,
  );
  const code = [...made.functions.values()].map((each) => each.code);
  return lines(PRELUDE, ...problems, ...code, `export { ${exported.join(", ")} };`);
}

/** The name of the function that checks a schema, made on first use. Undefined: everything passes. */
function functionFor({ default: _, ...schema }: PlainSchema, made: Made): string | undefined {
  const { functions } = made;
  const key = JSON.stringify(schema);
  if (key === "{}") return undefined;
  const known = functions.get(key);
  if (known) return known.name;

  const name = `check${functions.size}`;
  const entry = { name, code: "" };
  functions.set(key, entry);
  entry.code = lines(
    schema.pattern ? `const ${name}Pattern = ${new RegExp(schema.pattern)};` : "",
    `function ${name}(v) {`,
    schema.enum ? enumerated(schema.enum, made) : typed(schema, name, made),
    "}",
  );
  return name;
}

function enumerated(values: readonly unknown[], made: Made): string {
  const differs = values.map((value) => `v !== ${JSON.stringify(value)}`).join(" && ");
  return `if (${differs}) ${fail(values.length > 1 ? `is not one of ${values.join(", ")}` : `must be ${values[0]}`, made)}`;
}

function typed(schema: PlainSchema, name: string, made: Made): string {
  const types = schema.type ?? [];
  const fails = fail(`must be ${types.join(" or ")}`, made);
  const [only, ...others] = types;
  if (only && others.length === 0)
    return lines(`if (!(${TESTS[only]})) ${fails}`, rules(only, schema, name, made));
  return lines(
    ...types.map((type) => lines(`if (${TESTS[type]}) {`, rules(type, schema, name, made), "return; }")),
    fails,
  );
}

/** What a value of the right type must fulfil beside. */
function rules(type: JsonType, schema: PlainSchema, name: string, made: Made): string {
  switch (type) {
    case "string":
      return lines(
        atLeast(schema.minLength, "must not be shorter than", made),
        limit("v.length", ">", schema.maxLength, "must not be longer than", made),
        schema.pattern
          ? `if (!${name}Pattern.test(v)) ${fail(schema.format === "regex" ? `must match ${schema.pattern}` : `is not a valid ${schema.format}`, made)}`
          : "",
      );
    case "number":
    case "integer":
      return lines(
        limit("v", "<", schema.minimum, "must not be less than", made),
        limit("v", ">", schema.maximum, "must not be more than", made),
      );
    case "array":
      return lines(
        atLeast(schema.minItems, "must not have fewer entries than", made),
        atMost(schema, made),
        each("let i = 0; i < v.length; i++", check(schema.items ?? {}, made)),
      );
    case "object":
      return schema.variants ? variants(schema.variants, made) : fields(schema, made);
    case "boolean":
    case "null":
      return "";
  }
}

function caseOf(value: string): string {
  return `case "${value}":`;
}

function limit(
  measured: string,
  beyond: "<" | ">",
  value: number | undefined,
  text: string,
  made: Made,
): string {
  return value === undefined ? "" : `if (${measured} ${beyond} ${value}) ${fail(`${text} ${value}`, made)}`;
}

function atLeast(length: number | undefined, text: string, made: Made): string {
  return length === 1
    ? `if (v.length === 0) ${fail("must not be empty", made)}`
    : limit("v.length", "<", length, text, made);
}

/** Where only the empty list is taken, it stands for an object without members. */
function atMost({ maxItems }: PlainSchema, made: Made): string {
  return maxItems === 0
    ? `if (v.length > 0) ${fail("must be an object", made)}`
    : limit("v.length", ">", maxItems, "must not have more entries than", made);
}

function variants({ field, schemas }: NonNullable<PlainSchema["variants"]>, made: Made): string {
  const byCheck = Map.groupBy(Object.keys(schemas), (value) => functionFor(schemas[value] ?? {}, made));
  return lines(
    `switch (v.${field}) {`,
    ...[...byCheck].map(([name, values]) => `${values.map(caseOf).join(" ")} return ${name}(v);`),
    `case undefined: return missing("${field}");`,
    `default: return problemAt("${field}", ${JSON.stringify(field.endsWith("type") ? "is not a known type" : `is not one of ${Object.keys(schemas).join(", ")}`)});`,
    "}",
  );
}

function fields(schema: PlainSchema, made: Made): string {
  const { properties = {}, required = [], additionalProperties = {} } = schema;
  const byCheck = Map.groupBy(Object.keys(properties), (name) => check(properties[name] ?? {}, made));
  const others = additionalProperties ? check(additionalProperties, made) : "return unknown(i);";
  // What is done with other fields anyway needs no case.
  const cases = [...byCheck].filter(([checked]) => checked !== others);
  return lines(
    ...required.map((name) => `if (v.${name} === undefined) return missing("${name}");`),
    each("const i in v", cases.length > 0 ? switched(cases, others) : others),
  );
}

function switched(
  cases: readonly (readonly [checked: string, names: readonly string[]])[],
  others: string,
): string {
  return lines(
    "switch (i) {",
    ...cases.map(([checked, names]) => [...names.map(caseOf), checked, "break;"].join(" ")),
    others && `default: ${others}`,
    "}",
  );
}

/** A loop over the places `i` of `v`; `body` judges the value `w` there, and leaves its problem in `p`. */
function each(places: string, body: string): string {
  if (body === "") return "";
  return lines(
    `for (${places}) {`,
    "const w = v[i];",
    "if (w === undefined) continue;",
    "let p;",
    body,
    "if (p !== undefined) return problemIn(i, p);",
    "}",
  );
}

function check(schema: PlainSchema, made: Made): string {
  const name = functionFor(schema, made);
  return name === undefined ? "" : `p = ${name}(w);`;
}

function fail(problem: string, { problems }: Made): string {
  const name = problems.get(problem) ?? `problem${problems.size}`;
  problems.set(problem, name);
  return `return ${name};`;
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}
