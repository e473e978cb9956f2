/** What row models alone show to be wrong with what their values give. */
import type { RowModel } from "../../core/rows/row-model.schema.ts";
import { rowValues } from "../shapes/row-shapes.ts";
import { type Wrong, wrongIn } from "./check-value.ts";
import { sharedConstants } from "./shared-constants.ts";

/** Of models that compile. Events that name nobody may share a user; rows of users each say who theirs is. */
export function wrongInRows(rows: Readonly<Record<string, RowModel>>): Wrong[] {
  return rowValues(rows).flatMap((place) => {
    const [model] = place.path;
    const isOfUsers = rows[String(model)]?.eventType === "user_attributes";
    const [first] = isOfUsers ? sharedConstants(place) : [];
    if (!first || first.isFallback) return wrongIn(place);
    return [{ path: first.path, message: `must come from the row: ${first.makes}` }];
  });
}
