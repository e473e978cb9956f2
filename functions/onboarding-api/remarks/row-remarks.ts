/** Fields of row models that surely mean another one. */
import { misspeltName } from "../../../shared/api/checks/nearest-name.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import { IDENTITY_TYPES } from "../../../shared/core/batch/names.ts";
import { DEFAULT_FIELDS } from "../../../shared/core/rows/row-fields.ts";
import type { RowModel } from "../../../shared/core/rows/row-model.schema.ts";
import { pointer } from "../field-errors.ts";

/** What is no field of its event type is an attribute, under whatever name. */
export function rowRemarks(rows: Readonly<Record<string, RowModel>>): Remark[] {
  return Object.entries(rows).flatMap(([model, { eventType, fields = {} }]) => {
    // Once each: of two that are as near, neither is meant.
    const known = new Set<string>([...DEFAULT_FIELDS[eventType], ...IDENTITY_TYPES]);
    // The others, such as city, are words that may be near to another one.
    const ours = [...known].filter((name) => name.includes("_"));
    return Object.entries(fields).flatMap(([field, value]): Remark[] => {
      const meant = known.has(field) ? undefined : misspeltName(field, ours);
      if (meant === undefined) return [];
      const becomes = value === null ? "an attribute that is not sent" : "sent as an attribute";
      const message = `is ${becomes}: did you mean ${meant}?`;
      return [{ pointer: pointer(["rows", model, "fields", field]), code: "field_misspelt", message }];
    });
  });
}
