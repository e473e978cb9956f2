import type { UserIdentities } from "../batch.schema.ts";
import type { MutableEnvelope } from "../convert/envelope.ts";
import { identity, identityReaders, isIdentity } from "../convert/identities.ts";
import type { Fields } from "../convert/reader.ts";
import { genderLetter } from "../convert/traits.ts";
import {
  newUserAttributes,
  setCustom,
  setReserved,
  type UserAttributes,
} from "../convert/user-attributes.ts";
import type { NameFilter } from "../mapping/name-filter.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { RowEvent } from "../message.schema.ts";
import { numberIn, placed, present, type Row, refuseField } from "./read-row.ts";
import { RESERVED_FIELDS } from "./row-fields.ts";
import { fromJsonText, unwrapped } from "./warehouse-value.ts";

/** Whom a row is about. What its columns do not say, its message may. Every row names a customer. */
export function addRowIdentities(
  envelope: MutableEnvelope,
  row: Row,
  { userId, anonymousId }: RowEvent,
  settings: MappingSettings,
): void {
  const readers = identityReaders(settings);
  const identities: Record<string, string> = {};
  const customerId = readIdentity("customer_id") ?? identity(userId, "userId", row.findings);
  if (customerId === undefined) refuseField(row, "customer_id");
  else identities["customer_id"] = customerId;
  for (const field of row.fields.keys()) {
    const value = field === "customer_id" || !isIdentity(field) ? undefined : readIdentity(field);
    if (value !== undefined) identities[field] = value;
  }
  const other =
    identities["other"] ??
    (row.plan.never.has("other") ? undefined : identity(anonymousId, "anonymousId", row.findings));
  if (other !== undefined) identities["other"] = other;
  envelope.userIdentities = identities satisfies UserIdentities;

  function readIdentity(field: string): string | undefined {
    const found = present(row, field);
    return found && (readers[field]?.(placed(found, row), found.column) as string | undefined);
  }
}

/** What a row of user_attributes says about its user. */
export function rowAttributes(row: Row, settings: MappingSettings): UserAttributes {
  const { plan, fields, others, values, findings } = row;
  const deletes = plan.sync === "update" || plan.sync === "mirror";
  const prefix = plan.attributePrefix ?? settings.attributePrefix;
  const { never } = plan;
  const allows: NameFilter | undefined =
    never.size === 0
      ? settings.userAttributes
      : (name) => !never.has(name.toLowerCase()) && settings.userAttributes?.(name) !== false;
  const user = newUserAttributes(prefix, deletes ? "delete" : "ignore", allows);
  for (const found of fields.values()) {
    const { field, column, isNothing, isNull, isConverted } = found;
    if (isIdentity(field)) continue;
    if (field === "age" && present(row, "age") && numberIn(row, "age") === undefined) continue;
    const isGone = isNothing && (isNull || (plan.sync === "mirror" && plan.sources.has(field)));
    const value = found.value ?? (isGone ? null : undefined);
    const place: Fields = { values: { [column]: read(value, isConverted) }, path: "values", findings };
    const reserved = RESERVED_FIELDS.get(field);
    if (reserved === undefined) setCustom(user, field, place, column);
    else setReserved(user, reserved, place, column, field === "gender" ? genderLetter : undefined);
  }
  for (const column of others) {
    const place: Fields = { values: { [column]: read(values[column], false) }, path: "values", findings };
    setCustom(user, column, place, column);
  }
  return user;
}

function read(value: unknown, isConverted: boolean): unknown {
  return isConverted ? value : fromJsonText(unwrapped(value));
}
