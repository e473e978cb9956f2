import { type Findings, fieldPath, note, refuse, typeOf } from "../convert/findings.ts";
import { type Fields, number, text, type Values } from "../convert/reader.ts";
import { isBlankText, scopeOf, type ValueScope } from "../mapping/compile-value.ts";
import { conversionOf } from "../mapping/convert-value.ts";
import { leadsInto, type Path, read } from "../mapping/path.ts";
import { type ColumnOf, columnsOf, readableAs } from "./row-columns.ts";
import type { RowPlan, RowSource } from "./row-plan.ts";
import { unwrapped } from "./warehouse-value.ts";

/** A field of a row as it was found. */
export interface RowField {
  readonly field: string;
  /** The column that it comes from: the first one that holds something, or the field's own name where it comes from none. */
  readonly column: string;
  /** All columns that it may come from, where none of them holds anything. */
  readonly columns: readonly string[];
  /** Undefined: there is none, or it is null. */
  readonly value: unknown;
  /** All places that it may come from are null or absent: a value that could not be converted is not nothing. */
  readonly isNothing: boolean;
  /** One of them is there, and null. */
  readonly isNull: boolean;
  readonly isConverted: boolean;
}

/** A row with its columns assigned to the fields of its model. */
export interface Row {
  readonly plan: RowPlan;
  readonly fields: ReadonlyMap<string, RowField>;
  /** Columns that no field takes. */
  readonly others: readonly string[];
  readonly values: Values;
  readonly columnOf: ColumnOf;
  /** Of the model's sources. */
  readonly scope: ValueScope;
  readonly findings: Findings;
}

export function readRow(values: Values, plan: RowPlan, findings: Findings): Row {
  const columnOf = columnsOf(values);
  const readable = readableAs(values, plan.taken, columnOf);
  const scope = scopeOf(readable);
  const fields = new Map<string, RowField>();
  for (const [field, source] of plan.sources) {
    const { isConverted } = source;
    const value = unwrapped(source.read(scope));
    fields.set(field, { field, value, isConverted, ...originOf(source, scope, columnOf, field) });
  }
  const taken = new Set([...plan.taken].map((name) => columnOf(name) ?? name));
  if (plan.never.size > 0)
    for (const column of Object.keys(values)) if (plan.never.has(column.toLowerCase())) taken.add(column);
  const freeColumnOf = columnsOf(values, taken);
  for (const field of plan.defaults) {
    const column = freeColumnOf(field);
    if (column === undefined) continue;
    taken.add(column);
    const value = unwrapped(own(values, column));
    const isNull = values[column] === null;
    const origin = { column, columns: [column], isNothing: isNull, isNull };
    fields.set(field, { field, value, isConverted: false, ...origin });
  }
  const others = plan.sendsOthers ? Object.keys(values).filter((column) => !taken.has(column)) : [];
  return { plan, fields, others, values, columnOf, scope, findings };
}

/** Where a source finds something in a row. @param field - Stands for the column where there is none. */
export function originOf(
  { places, columns }: RowSource,
  { event, budget }: ValueScope,
  columnOf: ColumnOf,
  field: string,
): Pick<RowField, "column" | "columns" | "isNothing" | "isNull"> {
  const found = places.map((steps) => foundAt(event, steps));
  const holding = found.findIndex((each) => isSomething(each) && !isBlankText(each, budget));
  const first = holding < 0 ? found.findIndex(isSomething) : holding;
  const own = (column: string) => columnOf(column) ?? column;
  const column = own(String(places[Math.max(first, 0)]?.[0] ?? field));
  const all = first < 0 && columns.length > 1 ? columns.map(own) : [column];
  return { column, columns: all, isNothing: first < 0, isNull: found.includes(null) };
}

function isSomething(found: unknown): boolean {
  return found !== undefined && found !== null;
}

/** What stands at a place, or bars the way to it: null, or a value of another kind, of which nobody knows what it holds. */
function foundAt(row: unknown, steps: Path["steps"]): unknown {
  let value = row;
  for (const step of steps) {
    if (typeof value !== "object" || value === null) return value;
    if (!leadsInto(step, value)) return value;
    value = read(value, [step]);
  }
  return value;
}

/** Null is nothing. */
function own(values: Values, column: string): unknown {
  return Object.hasOwn(values, column) ? (values[column] ?? undefined) : undefined;
}

/** A found field as the readers of events take it: its place is its column's. */
export function placed({ value, column }: RowField, { findings }: Row): Fields {
  return { values: { [column]: value }, path: "values", findings };
}

/** Text of a field, which no list, object or rounded number has. */
export function textIn(row: Row, name: string): string | undefined {
  const found = present(row, name);
  if (!found) return undefined;
  const isText = typeof found.value !== "object" && !typeOf(found.value).includes("lost");
  return isText ? text(placed(found, row), found.column) : reportType(row, found, "text");
}

/** A finite number, from decimal text too. */
export function numberIn(row: Row, name: string): number | undefined {
  const found = present(row, name);
  if (!found) return undefined;
  const quiet = { list: undefined, reason: undefined };
  const value = number({ values: { value: found.value }, path: "", findings: quiet }, "value");
  return value ?? reportType(row, found, "a number");
}

export function integerIn(row: Row, name: string): number | undefined {
  const value = numberIn(row, name);
  if (value === undefined || Number.isSafeInteger(value)) return value;
  const found = present(row, name);
  return found && reportType(row, found, "a whole number");
}

const booleanOf = conversionOf("boolean", "");

/** A boolean, as 0 and 1, t and f, yes and no too. */
export function booleanIn(row: Row, name: string): boolean | undefined {
  const found = present(row, name);
  const value = found && booleanOf(found.value);
  if (!found || typeof value === "boolean") return value as boolean | undefined;
  return reportType(row, found, "a boolean");
}

/** A field that holds something: neither null nor blank. */
export function present({ fields }: Row, name: string): RowField | undefined {
  const found = fields.get(name);
  const isBlank = typeof found?.value === "string" && found.value.trim() === "";
  return found?.value === undefined || isBlank ? undefined : found;
}

export function reportType(row: Row, { field, column, value }: RowField, expected: string): undefined {
  const detail = `The row's field ${field}, from ${inWords([column])}, must be ${expected} and is ${typeOf(value)}.`;
  note(row.findings, "row_value_invalid", fieldPath("values", column), detail);
  return undefined;
}

/** Rejects a row for a field that it needs and that cannot be used. @param expected - What it must be, where it is something else. */
export function refuseField({ fields, findings, plan }: Row, name: string, expected?: string): void {
  const found = fields.get(name);
  const { column, columns } = found ?? { column: name, columns: [name] };
  const type = typeOf(found?.value ?? (found?.isNull ? null : undefined));
  const state = expected === undefined ? `is ${type}` : `must be ${expected} and is ${type}`;
  const detail = `The row's field ${name}, from ${inWords(columns)}, ${state}; a row of ${plan.eventType} needs it.`;
  refuse(findings, "row_field_missing", fieldPath("values", column), detail);
}

/** Most columns that a sentence names. */
const MAX_NAMED = 8;

/** `column PLAN`, or `columns A, B`. */
export function inWords(columns: readonly string[]): string {
  const names = columns.slice(0, MAX_NAMED).map((column) => fieldPath("", column));
  if (columns.length > MAX_NAMED) names.push(`${columns.length - MAX_NAMED} others`);
  return `column${names.length > 1 ? "s" : ""} ${names.join(", ")}`;
}
