/** Events that come in mParticle's own format: made whole, and held to the limits that ours are held to. */
import { contentHash } from "../canonical.ts";
import type { NameFilter } from "../mapping/name-filter.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import { addFields, attributeValues, newAttributes } from "./attributes.ts";
import { eventName } from "./call.ts";
import { coordinate } from "./event-context.ts";
import { type Findings, fieldPath, note, refuse } from "./findings.ts";
import { type MutableObject, mutable, removed } from "./json-copy.ts";
import { givenId } from "./message-id.ts";
import { isObject, isUuid, reportInvalid } from "./reader.ts";
import { readInstant } from "./time.ts";

/** What the events of one batch have in common. */
export interface OwnEvents {
  /** Id of the message's event that carries the batch. */
  readonly messageId: string;
  readonly sentAtMs: number;
  /** For events that have no time of their own. */
  readonly occurredAtMs: number;
  /** Of the feed. */
  readonly settings: MappingSettings;
  readonly findings: Findings;
}

/** Fields that mParticle sets itself, or only writes. */
const READ_ONLY = [
  "event_id",
  "event_num",
  "event_start_unixtime_ms",
  "event_system_notification_info",
  "message_id",
  "message_type",
  "session_id",
  "session_start_unixtime_ms",
];

const COMMERCE_KINDS = ["product_action", "promotion_action", "product_impressions"] as const;

/**
 * Completes an event in place: its id, its time, attributes within limits. Whatever is of a wrong shape is left for the
 * schema to refuse.
 *
 * @param index - Place in the batch; two equal events are still two.
 * @returns When it happened, by its own account; undefined when it gives none.
 */
export function completeOwnEvent(event: MutableObject, index: number, events: OwnEvents): number | undefined {
  const { findings } = events;
  const own = mutable(event["data"]);
  if (!own) return undefined;
  const place = { values: own, path: `batch.events[${index}].data`, findings };
  own["source_message_id"] =
    givenId(own["source_message_id"]) ?? contentHash({ batch: events.messageId, index, event });
  const timePath = `${place.path}.timestamp_unixtime_ms`;
  const ownTimeMs = readInstant(own["timestamp_unixtime_ms"], timePath, events.sentAtMs, findings);
  own["timestamp_unixtime_ms"] = ownTimeMs ?? events.occurredAtMs;
  for (const key of READ_ONLY)
    if (removed(own, key)) note(findings, "field_set_by_mparticle", `${place.path}.${key}`);
  for (const key of ["event_name", "screen_name"]) {
    const name = own[key];
    if (typeof name === "string") own[key] = eventName(name, `${place.path}.${key}`, findings);
  }
  const session = own["session_uuid"];
  if (typeof session === "string" && !isUuid(session)) {
    reportInvalid(place, "session_uuid", "a UUID");
    delete own["session_uuid"];
  }
  if (!hasPlace(own["location"], `${place.path}.location`, findings)) delete own["location"];
  fitAttributes(own, place.path, findings, events.settings.customAttributes);
  if (event["event_type"] === "custom_event" && own["custom_event_type"] === "attribution") {
    // Documented, but refused by mParticle's schema.
    own["custom_event_type"] = "other";
    note(findings, "event_type_replaced", `${place.path}.custom_event_type`);
  }
  if (event["event_type"] === "commerce_event") completeCommerce(own, place.path, findings);
  return ownTimeMs;
}

function completeCommerce(data: MutableObject, path: string, findings: Findings): void {
  // mParticle works it out from the action.
  if (removed(data, "custom_event_type"))
    note(findings, "field_set_by_mparticle", `${path}.custom_event_type`);
  for (const kind of COMMERCE_KINDS) if (data[kind] === null) delete data[kind];
  if (COMMERCE_KINDS.filter((kind) => data[kind] !== undefined).length !== 1) {
    refuse(
      findings,
      "batch_invalid",
      path,
      `A commerce event has exactly one of ${COMMERCE_KINDS.join(", ")}.`,
    );
  }
  const action = mutable(data["product_action"]);
  // Spelt so everywhere but in the action.
  if (action?.["action"] === "remove_from_wishlist") {
    action["action"] = "remove_from_wish_list";
    note(findings, "action_respelt", `${path}.product_action.action`);
  }
  fitProducts(action, `${path}.product_action`, findings);
  fitProducts(mutable(data["shopping_cart"]), `${path}.shopping_cart`, findings);
  const impressions = data["product_impressions"];
  if (!Array.isArray(impressions)) return;
  for (const [i, impression] of impressions.entries()) {
    fitProducts(mutable(impression), `${path}.product_impressions[${i}]`, findings);
  }
}

function fitProducts(holder: MutableObject | undefined, path: string, findings: Findings): void {
  const products = holder?.["products"];
  if (!Array.isArray(products)) return;
  for (const [i, value] of products.entries()) {
    const product = mutable(value);
    if (product) fitAttributes(product, `${path}.products[${i}]`, findings);
  }
}

/** Text only, within the limits of an event's attributes. */
function fitAttributes(holder: MutableObject, path: string, findings: Findings, allows?: NameFilter): void {
  const values = holder["custom_attributes"];
  if (!isObject(values)) return;
  const attributes = newAttributes(allows);
  addFields(attributes, { values, path: fieldPath(path, "custom_attributes"), findings });
  const fitting = attributeValues(attributes);
  if (fitting) holder["custom_attributes"] = fitting;
  else delete holder["custom_attributes"];
}

/** Absent, or with both coordinates in range; something else than an object is left to the schema. */
export function hasPlace(location: unknown, path: string, findings: Findings): boolean {
  if (!isObject(location)) return location !== null;
  const place = { values: location, path, findings };
  if (coordinate(place, "latitude", 90) !== undefined && coordinate(place, "longitude", 180) !== undefined)
    return true;
  note(findings, "location_incomplete", path);
  return false;
}
