import { expect, it } from "vitest";
import { convert, identify, noticed, track } from "./support.ts";

const BASE = "batch.events[0].data";

/** Findings on a batch in mParticle's own format with one event. */
function ofBatch(data: Record<string, unknown>, event_type = "custom_event") {
  const batch = { user_identities: { customer_id: "u" }, events: [{ event_type, data }] };
  return noticed({ type: "batch", messageId: "b", batch });
}

const custom = { event_name: "a", custom_event_type: "other" };
const device = (fields: Record<string, unknown>) => track("a", {}, { context: { device: fields } });

it.each([
  ["timestamp_unixtime_ms", 1_790_000_000_000],
  ["batch_id", 5],
  ["schema_version", 2],
  ["source_info", { channel: "partner" }],
])("tells of %s, which mParticle sets itself", (field, value) => {
  const batch = { user_identities: { customer_id: "u" }, [field]: value };
  expect(noticed({ type: "batch", batch })).toEqual([`field_set_by_mparticle batch.${field}`]);
});

it("tells of an event's fields that mParticle sets itself", () => {
  expect(ofBatch({ ...custom, event_id: 1 })).toEqual([`field_set_by_mparticle ${BASE}.event_id`]);
  const purchase = { product_action: { action: "purchase" }, custom_event_type: "purchase" };
  expect(ofBatch(purchase, "commerce_event")).toEqual([`field_set_by_mparticle ${BASE}.custom_event_type`]);
});

it("tells of the custom event type that the schema refuses", () => {
  expect(ofBatch({ ...custom, custom_event_type: "attribution" })).toEqual([
    `event_type_replaced ${BASE}.custom_event_type`,
  ]);
});

it("tells of an action that is spelt like the event type", () => {
  expect(ofBatch({ product_action: { action: "remove_from_wishlist" } }, "commerce_event")).toEqual([
    `action_respelt ${BASE}.product_action.action`,
  ]);
});

it("tells of mParticle's own attributes in another case", () => {
  expect(noticed(identify({ $City: "Oslo" }))).toEqual(["attribute_name_recased traits.$City"]);
  expect(noticed(identify({ $city: "Oslo" }))).toEqual([]);
});

it("tells of advertising ids of zeros", () => {
  expect(noticed(device({ type: "ios", advertisingId: "00000000-0000-0000-0000-000000000000" }))).toEqual([
    "advertising_id_zero context.device.advertisingId",
  ]);
});

it("tells of ids that are no UUID where mParticle takes nothing else", () => {
  expect(noticed(device({ type: "ios", id: "abc" }))).toEqual(["field_invalid context.device.id"]);
});

it("tells of a device that is none of mParticle's platforms", () => {
  expect(noticed(device({ type: "toaster", id: "abc" }))).toEqual(["platform_unknown context.device.type"]);
  expect(noticed(device({ id: "abc" }))).toEqual(["platform_unknown context.device"]);
  expect(noticed(device({ type: "", advertisingId: "abc" }))).toEqual(["platform_unknown context.device"]);
  expect(noticed(device({ model: "M" }))).toEqual([]);
});

it("tells of properties that an uninstall has no place for", () => {
  expect(noticed(track("Application Uninstalled", { version: "1" }))).toEqual(["field_invalid properties"]);
  expect(noticed(track("Application Uninstalled"))).toEqual([]);
});

it.each<[string, Record<string, unknown>, string]>([
  [
    "a product that is none",
    track("Order Completed", { order_id: "o", products: ["sku"] }),
    "This must be an object and is text: it was left out.",
  ],
  [
    "a product without a name",
    track("Order Completed", { order_id: "o", products: [{}] }),
    "A product has neither id nor name and was left out.",
  ],
  [
    "a number beyond JSON's",
    track("Order Completed", { order_id: "o", total: JSON.parse("1e999") }),
    "This must be a number and is an infinite number: it was left out.",
  ],
  [
    "a long id",
    device({ type: "android", id: "a".repeat(257) }),
    "This is longer than 256 characters: it was left out.",
  ],
])("says of %s what is wrong with it", (_, event, message) => {
  expect(convert(event).findings.map((finding) => finding.message)).toContain(message);
});

it("tells of addresses that are private", () => {
  expect(noticed(track("a", {}, { context: { ip: "10.0.0.1" } }))).toEqual(["ip_private context.ip"]);
  expect(noticed(track("a", {}, { context: { ip: "no ip" } }))).toEqual(["field_invalid context.ip"]);
});

it.each([
  [
    track("a", {}, { context: { device: "web" } }),
    "context.device: This must be an object and is text: it was left out.",
  ],
  [
    track("a", {}, { context: { location: { latitude: 91, longitude: 0 } } }),
    "context.location.latitude: This must be degrees from -90 to 90 and is a number: it was left out.",
  ],
  [
    track("a", {}, { context: { timezone: "Atlantis" } }),
    "context.timezone: This must be the name of a time zone and is text: it was left out.",
  ],
  [
    track("Order Completed", { order_id: "o", currency: "euro" }),
    "properties.currency: This must be three letters, such as EUR, and is text: it was left out.",
  ],
  [
    track("Order Completed", { order_id: "o", products: "p" }),
    "properties.products: This must be a list and is text: it was left out.",
  ],
  [
    track("Product Viewed", { product_id: "p", position: 1.5 }),
    "properties.position: This must be a whole number and is a number: it was left out.",
  ],
  [
    { type: "batch", batch: { user_identities: { other: "o" }, mpid: "x" } },
    "batch.mpid: This must be a whole number of 64 bits, and not 0, and is text: it was left out.",
  ],
])("says of %j what a field must be, and never its value", (event, expected) => {
  const [found] = convert(event).findings;

  expect(`${found?.path}: ${found?.message}`).toBe(expected);
});

it("tells of a location with one coordinate, and of none where there are neither", () => {
  const at = (location: Record<string, unknown>) => noticed(track("a", {}, { context: { location } }));
  expect(at({ latitude: 1, city: "Oslo" })).toEqual(["location_incomplete context.location"]);
  expect(at({ city: "Oslo" })).toEqual([]);
  expect(ofBatch({ ...custom, location: { latitude: 1 } })).toEqual([`location_incomplete ${BASE}.location`]);
});
