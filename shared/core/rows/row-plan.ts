/** Row models, compiled once each. */
import { CUSTOM_EVENT_TYPES, PRODUCT_ACTIONS } from "../batch/names.ts";
import { compileValue, type ValueReader } from "../mapping/compile-value.ts";
import { MappingError } from "../mapping/mapping-error.ts";
import { assertName, fieldPlace, type Path, parsePath } from "../mapping/path.ts";
import type { Value } from "../mapping/value.schema.ts";
import { DEFAULT_FIELDS, REQUIRED_FIELDS } from "./row-fields.ts";
import type { RowModel } from "./row-model.schema.ts";
import { wordOf } from "./word-of.ts";

/** Where a model says that a field comes from. */
export interface RowSource {
  readonly read: ValueReader;
  /** Where it reads, as steps from the row on, the most telling first. */
  readonly places: readonly Path["steps"][];
  /** The columns that these begin with. */
  readonly columns: readonly string[];
  /** The model converts it, so that text is meant as text. */
  readonly isConverted: boolean;
}

export interface RowPlan extends Pick<RowModel, "eventType" | "key" | "attributePrefix"> {
  readonly sync: NonNullable<RowModel["sync"]>;
  readonly sendsOthers: boolean;
  /** In the order of the model. */
  readonly sources: ReadonlyMap<string, RowSource>;
  /** Fields that take the column of their own name. */
  readonly defaults: readonly string[];
  /** Names of columns that sources read: they are sent nowhere else. */
  readonly taken: ReadonlySet<string>;
  /** Names, in lower case, of fields that are never sent, and nor is a column of such a name. */
  readonly never: ReadonlySet<string>;
  readonly timestamp: RowSource | undefined;
}

const plans = new WeakMap<RowModel, RowPlan>();

/** The plan of a model; the same for the same object. @throws {MappingError} */
export function rowPlanOf(model: RowModel): RowPlan {
  const known = plans.get(model);
  if (known) return known;
  const plan = compileRowModel(model);
  plans.set(model, plan);
  return plan;
}

/** Compiles all models of a feed. @throws {MappingError} with the place, from the models on. */
export function compileRowModels(models: Readonly<Record<string, RowModel>>): void {
  for (const [name, model] of Object.entries(models)) {
    assertName(name, fieldPlace("", name));
    if (name.length > 64) throw new MappingError("", "must name models by at most 64 characters");
    rowPlanOfNamed(name, model);
  }
}

function rowPlanOfNamed(name: string, model: RowModel): void {
  try {
    rowPlanOf(model);
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    throw new MappingError(`${fieldPlace("", name)}.${error.field}`, error.problem);
  }
}

/** @throws {MappingError} with the place in the model that is wrong. */
export function compileRowModel(model: RowModel): RowPlan {
  const { eventType, sync = "upsert", fields = {}, otherColumns = "send", key, timestamp } = model;
  const isProfile = eventType === "user_attributes";
  if ((sync === "update" || sync === "mirror") && !isProfile)
    throw new MappingError("sync", `must be insert or upsert: an event cannot be changed by ${sync}`);
  if (key && isProfile)
    throw new MappingError("key", "is for events: a user's row is news whenever one of its values is");
  const sources = new Map<string, RowSource>();
  const never = new Set<string>();
  for (const [field, value] of Object.entries(fields)) {
    const place = fieldPlace("fields", field);
    assertName(field, place);
    if (value === null) never.add(field.toLowerCase());
    else sources.set(field, sourceOf(value, place));
    assertGiven(field, value, model, place);
  }
  const time = timestamp === null || timestamp === undefined ? undefined : sourceOf(timestamp, "timestamp");
  const columns = [...sources.values(), ...(time ? [time] : [])].flatMap((source) => source.columns);
  return {
    eventType,
    sync,
    key,
    attributePrefix: model.attributePrefix,
    sendsOthers: otherColumns === "send",
    sources,
    defaults: DEFAULT_FIELDS[eventType].filter((field) => !Object.hasOwn(fields, field)),
    taken: new Set(columns),
    never,
    timestamp: time,
  };
}

function sourceOf(value: Value, place: string): RowSource {
  const isConverted = typeof value === "object" && !Array.isArray(value) && value.convert !== undefined;
  const read = compileValue(value, place);
  const places = placesIn(value, place);
  return { read, places, columns: [...new Set(places.map(([column]) => String(column)))], isConverted };
}

/** The places of a value that begin with a column. Inside of a loop only those from the row on. */
function placesIn(value: Value, place: string, inLoop = false): Path["steps"][] {
  if (typeof value === "string") {
    const { fromEvent, steps } = parsePath(value, place);
    const [column] = steps;
    return typeof column === "string" && (fromEvent || !inLoop) ? [steps] : [];
  }
  if (Array.isArray(value)) return value.flatMap((each) => placesIn(each, place, inLoop));
  const { key, map = {}, loop, set = [] } = value;
  return [
    ...(key === undefined ? [] : placesIn(key, place, inLoop)),
    ...Object.values(map).flatMap((each) => placesIn(each, place, inLoop)),
    ...(loop ? [...placesIn(loop[0], place, inLoop), ...placesIn(loop[1], place, true)] : []),
    ...set.flatMap((each) => placesIn(each, place, inLoop)),
  ];
}

/** Refuses a model by which no row could have a field that its event type needs. @param value - Compiled already: a constant is a scalar. */
function assertGiven(field: string, value: Value | null, { eventType }: RowModel, place: string): void {
  const isRequired = REQUIRED_FIELDS[eventType].includes(field);
  if (isRequired && value === null)
    throw new MappingError(place, `must not be null: a row of ${eventType} needs it`);
  const constant = constantOf(value);
  if (constant === undefined) return;
  if (isRequired && String(constant ?? "").trim() === "")
    throw new MappingError(`${place}.value`, `must not be blank: a row of ${eventType} needs it`);
  const allowed = ENUMERATED[field];
  if (allowed && DEFAULT_FIELDS[eventType].includes(field) && !allowed.includes(wordOf(String(constant))))
    throw new MappingError(`${place}.value`, `must be one of ${allowed.join(", ")}`);
}

const ENUMERATED: Readonly<Record<string, readonly string[]>> = {
  product_action: PRODUCT_ACTIONS,
  custom_event_type: CUSTOM_EVENT_TYPES,
};

/** What a value gives whatever the row holds; undefined: it reads the row, or is no value. */
function constantOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "key" in value) return undefined;
  return "value" in value ? value.value : undefined;
}
