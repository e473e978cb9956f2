import { describe, expect, it } from "vitest";
import { wrongIn } from "../../../shared/api/checks/check-value.ts";
import { ROW_FIELDS, rowValues } from "../../../shared/api/shapes/row-shapes.ts";
import type { RowModel } from "../../../shared/core/rows/row-model.schema.ts";
import { compileRowModel } from "../../../shared/core/rows/row-plan.ts";
import { noticed } from "../convert/support.ts";
import { FIXED_VALUES, isBoolean } from "../mapping/fixed-values.ts";
import { modelled, row } from "./support.ts";

const UNUSABLE =
  /^(?:row_value_invalid|row_field_missing|identity_invalid|identity_too_long|timestamp_invalid|mapping_value_unusable)/;

/** What a row cannot do without, but for what is judged. */
const NEEDED = {
  event_name: { value: "E" },
  screen_name: { value: "S" },
  product_action: { value: "click" },
};

const VALUES = { customer_id: "c", product_id: "p", product_price: 1 };

/** Refused when it is stored, and told of a row: the same. What does not compile is left out of both. */
function judged(model: RowModel, value: unknown) {
  const told = noticed(row(VALUES), modelledOr(model)).filter((text) => UNUSABLE.test(text));
  return { value, isRefused: isRefused(model), isTold: told.length > 0, told };
}

function modelledOr(model: RowModel) {
  return compiles(model) ? modelled(model) : modelled({ eventType: model.eventType, fields: NEEDED });
}

function compiles(model: RowModel): boolean {
  try {
    compileRowModel(model);
    return true;
  } catch {
    return false;
  }
}

function isRefused(model: RowModel): boolean {
  return compiles(model) && rowValues({ m: model }).flatMap(wrongIn).length > 0;
}

const FIELDS = Object.entries(ROW_FIELDS).flatMap(([eventType, shapes]) =>
  Object.keys({ ...shapes, customer_id: 0, email: 0 }).map((field) => [eventType, field] as const),
) as readonly (readonly [RowModel["eventType"], string])[];

describe("the shapes of row models", () => {
  it.each(FIELDS)("refuse of a %s in %s what no row could mend", (eventType, field) => {
    const needed = Object.entries(NEEDED).filter(([name]) => Object.hasOwn(ROW_FIELDS[eventType], name));
    const all = FIXED_VALUES.filter((value) => !isBoolean(value)).map((value) => {
      const fields = { ...Object.fromEntries(needed), [field]: value } as NonNullable<RowModel["fields"]>;
      return judged({ eventType, fields }, value);
    });

    expect(all.filter(({ isRefused, isTold }) => isRefused !== isTold)).toEqual([]);
    expect(all.some(({ isRefused }) => isRefused)).toBe(true);
  });

  it("refuse as a time what no row could mend", () => {
    const all = FIXED_VALUES.map((value) =>
      judged({ eventType: "user_attributes", timestamp: value as NonNullable<RowModel["timestamp"]> }, value),
    );

    expect(all.filter(({ isRefused, isTold }) => isRefused !== isTold)).toEqual([]);
    expect(all.some(({ isRefused }) => isRefused)).toBe(true);
  });
});
