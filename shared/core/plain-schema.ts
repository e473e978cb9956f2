/**
 * JSON Schema reduced to the few keywords that the product's own schemas need. `type` lists every type that passes; all
 * other keywords speak of values of one type, as they do in JSON Schema.
 */
export interface PlainSchema {
  readonly type?: readonly JsonType[];
  readonly default?: unknown;
  /** The only values that pass. */
  readonly enum?: readonly unknown[];
  /** Names what `pattern` stands for. */
  readonly format?: string;
  readonly pattern?: string;
  /** Lengths count UTF-16 units. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: PlainSchema;
  readonly properties?: Readonly<Record<string, PlainSchema>>;
  readonly required?: readonly string[];
  /** Of fields that are not in `properties`; false: there must be none. */
  readonly additionalProperties?: PlainSchema | false;
  /** Instead of `properties`: schemas by the value of the field that tells them apart. */
  readonly variants?: { readonly field: string; readonly schemas: Readonly<Record<string, PlainSchema>> };
}

export type JsonType = "string" | "number" | "integer" | "boolean" | "null" | "array" | "object";

/**
 * A copy of a value, with the defaults of its schema and without the fields that the schema does not name, unless it says that
 * there must be none. Does not check: what is wrong is copied as it is.
 *
 * @param options.fromText - Numbers are given as text, as in environment variables.
 */
export function complete(given: unknown, schema: PlainSchema, options: { fromText?: boolean } = {}): unknown {
  const value = given === undefined ? schema.default : given;
  if (options.fromText && typeof value === "string" && !schema.type?.includes("string"))
    return numberIn(value);
  if (!schema.properties || typeof value !== "object" || value === null || Array.isArray(value)) {
    return structuredClone(value);
  }
  const fields = Object.entries(schema.properties)
    .map(([name, field]) => [name, complete((value as Record<string, unknown>)[name], field, options)])
    .filter(([, field]) => field !== undefined);
  return schema.additionalProperties === false
    ? { ...structuredClone(value), ...Object.fromEntries(fields) }
    : Object.fromEntries(fields);
}

/** Text that is no decimal number stays text, so that a check refuses it. */
function numberIn(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
