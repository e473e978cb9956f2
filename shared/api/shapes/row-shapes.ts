/** What the fields of row models may give. A test holds these to what rows are read by. */
import { CUSTOM_EVENT_TYPES, IDENTITY_TYPES, PRODUCT_ACTIONS } from "../../core/batch/names.ts";
import { choice, type FieldReader } from "../../core/convert/mapped-fields.ts";
import { reportInvalid, text } from "../../core/convert/reader.ts";
import { scalarText } from "../../core/convert/text.ts";
import { conversionOf } from "../../core/mapping/convert-value.ts";
import type { RowEventType, RowModel } from "../../core/rows/row-model.schema.ts";
import { warehouseTime } from "../../core/rows/warehouse-value.ts";
import { wordOf } from "../../core/rows/word-of.ts";
import { IDENTITY } from "./section-shapes.ts";
import {
  CURRENCY,
  each,
  FLAG,
  INSTANT,
  integers,
  numbers,
  oneOf,
  placed,
  type Scalar,
  type Shapes,
  scalar,
  texts,
  type ValuePlace,
} from "./value-shape.ts";

/** Words in any case, as people write them in tables. */
const wordsOf = (words: readonly string[]) => {
  const read = choice(words);
  return oneOf(words, ({ values, ...fields }, key) =>
    read({ ...fields, values: { [key]: wordOf(scalarText(values[key]) ?? "") } }, key),
  );
};

const hasLostDigits = (value: unknown) => Number.isInteger(value) && !Number.isSafeInteger(value);

/** A blank column says nothing, whatever the field. */
const unlessBlank =
  (reader: FieldReader): FieldReader =>
  (fields, key) =>
    scalarText(fields.values[key])?.trim() === "" ? undefined : reader(fields, key);

/** Ids of many digits are given as text. */
const EXACT = scalar("must be text, or a number that keeps its digits", (fields, key) =>
  hasLostDigits(fields.values[key]) ? reportInvalid(fields, key, "text") : text(fields, key),
);

const booleanOf = conversionOf("boolean", "");

const ROW_FLAG: Scalar = {
  ...FLAG,
  reader: unlessBlank(
    (fields, key) => booleanOf(fields.values[key]) ?? reportInvalid(fields, key, "true or false"),
  ),
};

const IDENTITIES = each(IDENTITY_TYPES, { ...IDENTITY, reader: unlessBlank(IDENTITY.reader) });

/** Dates and epochs as warehouses write them. */
const TIME = scalar(INSTANT.must, ({ values, ...fields }, key) =>
  INSTANT.reader({ ...fields, values: { [key]: warehouseTime(values[key]).value } }, key),
);

/** By event type. Fields that are not named are attributes, and take anything. */
export const ROW_FIELDS: Readonly<Record<RowEventType, Shapes>> = {
  user_attributes: numbers("age"),
  custom_event: { ...texts("event_name"), custom_event_type: wordsOf(CUSTOM_EVENT_TYPES) },
  screen_view: { ...texts("screen_name"), activity_type: EXACT },
  commerce_event: {
    product_action: wordsOf(PRODUCT_ACTIONS),
    ...each(
      [
        "product_id",
        "product_name",
        "product_brand",
        "product_category",
        "product_variant",
        "product_coupon_code",
        "transaction_id",
        "affiliation",
        "coupon_code",
        "checkout_options",
      ],
      EXACT,
    ),
    ...numbers("product_price", "product_quantity", "total_amount", "tax_amount", "shipping_amount"),
    ...integers("product_position", "checkout_step"),
    currency_code: CURRENCY,
    is_non_interactive: ROW_FLAG,
  },
};

/** All values of row models that mParticle does not take as they come. */
export function rowValues(rows: Readonly<Record<string, RowModel>>): ValuePlace[] {
  return Object.entries(rows).flatMap(([name, model]) => [
    ...placed(model.fields ?? {}, { ...IDENTITIES, ...ROW_FIELDS[model.eventType] }, [name, "fields"]),
    ...placed(model, { timestamp: TIME }, [name]),
  ]);
}
