/** The parts of a batch that a document may give other sources, compiled. */
import { mayWrite } from "./budget.ts";
import { compileValue, type ValueReader, type ValueScope } from "./compile-value.ts";
import type { Mapping, SectionName } from "./mapping.schema.ts";
import { MappingError } from "./mapping-error.ts";
import { assertName, fieldPlace } from "./path.ts";
import type { ValueObject } from "./value.schema.ts";

/** Fields of one part, with what is to become of the others. */
export interface FieldPlan {
  /** `standard`: as the Segment spec has them. A reader gives an object of further fields. */
  readonly rest: "standard" | "nothing" | ValueReader;
  /** In the order of the document; undefined: never sent. */
  readonly fields: ReadonlyMap<string, ValueReader | undefined>;
}

/** What a document says beside the Segment spec's reading. Absent: nothing. */
export interface Sections {
  readonly userIdentities?: FieldPlan;
  readonly userAttributes?: FieldPlan;
  readonly customAttributes?: FieldPlan;
  readonly deviceInfo?: FieldPlan;
  readonly applicationInfo?: FieldPlan;
  /** Null: never sent. */
  readonly ip?: ValueReader | null;
  readonly sourceRequestId?: ValueReader | null;
}

/** All as the Segment spec has it. */
export const STANDARD: Sections = {};

export const FIELD_SECTIONS = [
  "userIdentities",
  "userAttributes",
  "customAttributes",
  "deviceInfo",
  "applicationInfo",
] as const satisfies readonly SectionName[];

/** The sections whose rest may be any object, since their names are the customer's. */
const OPEN: ReadonlySet<SectionName> = new Set(["userAttributes", "customAttributes"]);

/** Fields of one section. */
const MAX_FIELDS = 500;

type Given = Partial<Pick<Mapping, SectionName>>;

/**
 * Compiles the sections of a document or a rule, laid over those that count without it field by field.
 *
 * @param place - Of the document or rule, with its dot; empty for the document.
 * @throws {MappingError}
 */
export function compileSections(given: Given, place: string, below: Sections = STANDARD): Sections {
  const sections: { -readonly [Name in keyof Sections]: Sections[Name] } = { ...below };
  for (const name of FIELD_SECTIONS) {
    const fields = given[name];
    if (fields !== undefined)
      sections[name] = fieldPlan(fields, `${place}${name}`, OPEN.has(name), below[name]);
  }
  for (const name of ["ip", "sourceRequestId"] as const) {
    const source = given[name];
    if (source !== undefined)
      sections[name] = source === null ? null : compileValue(source, `${place}${name}`);
  }
  assertVaries(given.sourceRequestId, `${place}sourceRequestId`);
  return sections;
}

/** A constant would make mParticle take the first batch only. */
function assertVaries(source: unknown, place: string): void {
  if (source !== undefined && source !== null && isConstant(source))
    throw new MappingError(place, "must come from the event: mParticle takes an id once");
}

/** Whether a value reads nothing. */
export function isConstant(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "string";
  if (Array.isArray(value)) return value.every(isConstant);
  const { key, loop, map = {}, set = [] } = value as ValueObject;
  return key === undefined && loop === undefined && [...Object.values(map), ...set].every(isConstant);
}

function fieldPlan(
  given: Readonly<Record<string, unknown>>,
  place: string,
  isOpen: boolean,
  below: FieldPlan | undefined,
): FieldPlan {
  if (Object.keys(given).length > MAX_FIELDS)
    throw new MappingError(place, `must not have more than ${MAX_FIELDS} fields`);
  const fields = new Map(below?.fields);
  let rest = below?.rest ?? "standard";
  for (const [name, source] of Object.entries(given)) {
    const at = fieldPlace(place, name);
    assertName(name, at);
    if (name === "*") {
      if (source !== null && !isOpen) throw new MappingError(at, "must be null");
      rest = source === null ? "nothing" : compileValue(source, at);
    } else fields.set(name, source === null ? undefined : compileValue(source, at));
  }
  return { rest, fields };
}

/** What the named fields of a part are given, in the order of the document. */
export function mappedValues(fields: FieldPlan["fields"], scope: ValueScope): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, reader] of fields) {
    const value = reader?.(scope);
    if (value !== undefined && mayWrite(value, scope.budget)) values[name] = value;
  }
  return values;
}
