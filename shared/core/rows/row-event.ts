import { CUSTOM_EVENT_TYPES, PRODUCT_ACTIONS } from "../batch/names.ts";
import type {
  BatchEvent,
  CustomEventType,
  Product,
  ProductAction,
  ProductActionName,
} from "../batch.schema.ts";
import { addFields, attributeValues, newAttributes } from "../convert/attributes.ts";
import { eventName } from "../convert/call.ts";
import { fieldPath, note } from "../convert/findings.ts";
import { isIdentity } from "../convert/identities.ts";
import { totalAmount } from "../convert/products.ts";
import { isObject } from "../convert/reader.ts";
import { scalarText } from "../convert/text.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import {
  booleanIn,
  integerIn,
  numberIn,
  present,
  type Row,
  type RowField,
  refuseField,
  reportType,
  textIn,
} from "./read-row.ts";
import { DEFAULT_FIELDS } from "./row-fields.ts";
import { fromJsonText, unwrapped } from "./warehouse-value.ts";
import { wordOf } from "./word-of.ts";

/** What all types of event say alike. */
interface Common {
  readonly timestamp_unixtime_ms: number;
  readonly source_message_id: string;
}

/** The event of a row; undefined: it only says who a user is, or is refused. */
export function rowEvent(row: Row, common: Common, settings: MappingSettings): BatchEvent | undefined {
  const { eventType } = row.plan;
  if (eventType === "user_attributes") return undefined;
  const attributes = rowEventAttributes(row, settings);
  const data = { ...common, ...(attributes && { custom_attributes: attributes }) };
  switch (eventType) {
    case "custom_event": {
      const name = requiredText(row, "event_name");
      return name === undefined
        ? undefined
        : {
            event_type: "custom_event",
            data: { ...data, event_name: name, custom_event_type: eventTypeOf(row) },
          };
    }
    case "screen_view": {
      const name = requiredText(row, "screen_name");
      const activity = textIn(row, "activity_type");
      return name === undefined
        ? undefined
        : {
            event_type: "screen_view",
            data: { ...data, screen_name: name, ...(activity !== undefined && { activity_type: activity }) },
          };
    }
    case "commerce_event": {
      const action = actionOf(row);
      if (action === undefined) return undefined;
      const currency = currencyOf(row);
      const isNonInteractive = booleanIn(row, "is_non_interactive");
      return {
        event_type: "commerce_event",
        data: {
          ...data,
          product_action: productAction(action, row, settings),
          ...(currency !== undefined && { currency_code: currency }),
          ...(isNonInteractive !== undefined && { is_non_interactive: isNonInteractive }),
        },
      };
    }
  }
}

function requiredText(row: Row, name: string): string | undefined {
  const found = present(row, name);
  const text = found && scalarText(found.value);
  if (text === undefined) {
    refuseField(row, name, found && "text");
    return undefined;
  }
  return eventName(text, fieldPath("values", found?.column ?? name), row.findings);
}

function eventTypeOf(row: Row): CustomEventType {
  const found = present(row, "custom_event_type");
  if (!found) return "other";
  const type = CUSTOM_EVENT_TYPES.find((each) => each === wordIn(found));
  if (type === undefined) reportType(row, found, `one of ${CUSTOM_EVENT_TYPES.join(", ")}`);
  return type ?? "other";
}

function actionOf(row: Row): ProductActionName | undefined {
  const found = present(row, "product_action");
  const action = found && PRODUCT_ACTIONS.find((each) => each === wordIn(found));
  if (action === undefined)
    refuseField(row, "product_action", found && `one of ${PRODUCT_ACTIONS.join(", ")}`);
  return action;
}

/** Lists and objects are no words, not even `["purchase"]`. */
function wordIn({ value }: RowField): string | undefined {
  const text = scalarText(value);
  return text === undefined ? undefined : wordOf(text);
}

function productAction(action: ProductActionName, row: Row, settings: MappingSettings): ProductAction {
  const product = productOf(row, settings);
  if (!product) note(row.findings, "row_product_missing", "values");
  return {
    action,
    transaction_id: textIn(row, "transaction_id"),
    total_amount: numberIn(row, "total_amount"),
    tax_amount: numberIn(row, "tax_amount"),
    shipping_amount: numberIn(row, "shipping_amount"),
    affiliation: textIn(row, "affiliation"),
    coupon_code: textIn(row, "coupon_code"),
    checkout_step: integerIn(row, "checkout_step"),
    checkout_options: textIn(row, "checkout_options"),
    products: product && [product],
  };
}

function productOf(row: Row, { productTotals }: MappingSettings): Product | undefined {
  const id = textIn(row, "product_id");
  const name = textIn(row, "product_name");
  if (id === undefined && name === undefined) return undefined;
  const price = numberIn(row, "product_price");
  const quantity = numberIn(row, "product_quantity");
  return {
    id,
    name,
    brand: textIn(row, "product_brand"),
    category: textIn(row, "product_category"),
    variant: textIn(row, "product_variant"),
    position: integerIn(row, "product_position"),
    price,
    quantity,
    total_product_amount: productTotals ? totalAmount(price, quantity) : undefined,
    coupon_code: textIn(row, "product_coupon_code"),
  };
}

/** ISO 4217: three letters. */
function currencyOf(row: Row): string | undefined {
  const found = present(row, "currency_code");
  if (!found) return undefined;
  const code = scalarText(found.value)?.trim();
  return code !== undefined && /^[a-z]{3}$/i.test(code)
    ? code.toUpperCase()
    : reportType(row, found, "three letters");
}

/** Attributes by name, mapped ones first; of equal names the first counts. */
function rowEventAttributes(row: Row, settings: MappingSettings): Record<string, string> | undefined {
  const { plan, fields, others, values, findings } = row;
  // No prototype: a column of any name is one of its own.
  const flat: Record<string, unknown> = Object.create(null);
  const known = DEFAULT_FIELDS[plan.eventType];
  for (const { field, value, isConverted } of fields.values())
    if (!known.includes(field) && !isIdentity(field))
      flatten(flat, plan.never, field, isConverted ? value : fromJsonText(value));
  const own = present(row, "custom_attributes");
  const object = own && fromJsonText(own.value);
  if (isObject(object)) {
    for (const key of Object.keys(object)) flatten(flat, plan.never, key, object[key]);
  } else if (own) reportType(row, own, "an object, or JSON text of one");
  for (const column of others) flatten(flat, plan.never, column, fromJsonText(unwrapped(values[column])));
  const attributes = newAttributes(settings.customAttributes);
  addFields(attributes, { values: flat, path: "values", findings });
  return attributeValues(attributes);
}

/** Levels of objects that become dotted names; what lies deeper is JSON text. */
const MAX_DEPTH = 5;

function flatten(
  flat: Record<string, unknown>,
  never: ReadonlySet<string>,
  name: string,
  value: unknown,
  depth = 1,
): void {
  if (never.size > 0 && never.has(name.toLowerCase())) return;
  if (isObject(value) && depth < MAX_DEPTH) {
    for (const key of Object.keys(value)) flatten(flat, never, `${name}.${key}`, value[key], depth + 1);
  } else if (value !== undefined && value !== null && !(name in flat)) flat[name] = value;
}
