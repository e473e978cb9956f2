/** Remarks on settings: they are valid, and surely not meant so. */
import { valuesOf } from "../../shared/api/check-mapping.ts";
import { sharedConstants, wordsAsPlaces } from "../../shared/api/check-value.ts";
import type { Remark } from "../../shared/api/remark.schema.ts";
import { rowValues } from "../../shared/api/row-shapes.ts";
import type { ValuePlace } from "../../shared/api/value-shape.ts";
import type { Mapping } from "../../shared/core/mapping/mapping.schema.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import { pointer } from "./field-errors.ts";
import { ruleRemarks } from "./rule-remarks.ts";

/** Most remarks that one answer makes. */
const MAX_REMARKS = 20;

/** An answer with what is remarked on the settings that it is about. */
export function withRemarks<Body extends object>(
  body: Body,
  remarks: Remark[],
): Body & { remarks?: Remark[] } {
  return remarks.length > 0 ? { ...body, remarks } : body;
}

/** On settings of a feed that compile; on those that are given. */
export function remarksOf({ mapping, rows = {} }: Remarkable): Remark[] {
  return [
    ...ruleRemarks(mapping.rules),
    ...nameRemarks(mapping, "UserAttributes"),
    ...nameRemarks(mapping, "CustomAttributes"),
    ...valuesOf(mapping).flatMap((value) => valueRemarks(value, "mapping")),
    ...rowValues(rows).flatMap((value) => valueRemarks(value, "rows")),
  ].slice(0, MAX_REMARKS);
}

type Remarkable = Pick<Feed, "mapping"> & Partial<Pick<Feed, "rows">>;

/** @param setting - That has the value. */
function valueRemarks(value: ValuePlace, setting: "mapping" | "rows"): Remark[] {
  const at = (path: ValuePlace["path"]) => pointer([setting, ...path]);
  return [
    ...wordsAsPlaces(value).map(
      ({ path, message }): Remark => ({ pointer: at(path), code: "word_as_place", message }),
    ),
    ...sharedConstants(value).map(
      ({ path, makes }): Remark => ({
        pointer: at(path),
        code: "shared_constant",
        message: `is a constant: ${makes}`,
      }),
    ),
  ];
}

/** What is allowed and denied is not sent. */
function nameRemarks(mapping: Mapping, of: "UserAttributes" | "CustomAttributes"): Remark[] {
  const allowed = mapping[`allow${of}`];
  const denied = mapping[`deny${of}`];
  const place = `/mapping/allow${of}`;
  const remarks = allowed.flatMap((name, i): Remark[] => {
    const by = denied.findIndex((one) => covers(one, name));
    if (by < 0) return [];
    const message = `is not sent: /mapping/deny${of}/${by} denies it`;
    return [{ pointer: `${place}/${i}`, code: "name_denied", message }];
  });
  if (remarks.length === 0 || remarks.length < allowed.length) return remarks;
  const message = `leaves nothing to send: /mapping/deny${of} denies all of it`;
  return [{ pointer: place, code: "nothing_allowed", message }];
}

/** Whether an entry of a list means all names that another one means. */
function covers(one: string, other: string): boolean {
  return one === other || (one.endsWith("*") && other.startsWith(one.slice(0, -1)));
}
