import { describe, expect, test } from "vitest";
import { parseFeed } from "../../../shared/core/validators.ts";
import type { Fields } from "./support.ts";

describe("a model that cannot work is refused when it is stored, with its place", () => {
  test.each<[Fields, string]>([
    [
      { eventType: "page" },
      "rows.m.eventType is not one of user_attributes, custom_event, commerce_event, screen_view",
    ],
    [{}, "rows.m.eventType is required"],
    [{ eventType: "custom_event", colour: 1 }, "rows.m.colour is not a known field"],
    [
      { eventType: "custom_event", sync: "update" },
      "rows.m.sync must be insert or upsert: an event cannot be changed by update",
    ],
    [
      { eventType: "custom_event", sync: "mirror" },
      "rows.m.sync must be insert or upsert: an event cannot be changed by mirror",
    ],
    [
      { eventType: "user_attributes", key: ["id"] },
      "rows.m.key is for events: a user's row is news whenever one of its values is",
    ],
    [
      { eventType: "custom_event", fields: { event_name: null } },
      "rows.m.fields.event_name must not be null: a row of custom_event needs it",
    ],
    [
      { eventType: "screen_view", fields: { screen_name: { value: " " } } },
      "rows.m.fields.screen_name.value must not be blank: a row of screen_view needs it",
    ],
    [
      { eventType: "screen_view", fields: { customer_id: null } },
      "rows.m.fields.customer_id must not be null: a row of screen_view needs it",
    ],
    [
      { eventType: "custom_event", fields: { custom_event_type: { value: "x" } } },
      "rows.m.fields.custom_event_type.value must be one of navigation, location, search, transaction, user_content, user_preference, social, other, media",
    ],
    [
      { eventType: "custom_event", fields: { x: { fn: "a" } } },
      "rows.m.fields.x.fn would be code, which a document cannot hold",
    ],
    [
      { eventType: "custom_event", fields: { x: "a..b" } },
      "rows.m.fields.x must be a place such as properties.total or properties.products[0].name",
    ],
    [
      { eventType: "custom_event", fields: { event_name: { value: { toString: 1 } } } },
      "rows.m.fields.event_name.value must be text, a number, true, false or null",
    ],
    [
      { eventType: "commerce_event", fields: { product_action: { value: { toString: 1 } } } },
      "rows.m.fields.product_action.value must be text, a number, true, false or null",
    ],
    [
      { eventType: "custom_event", timestamp: { key: 1 } },
      "rows.m.timestamp.key must be a place in the event",
    ],
  ])("%j", (model, message) => {
    expect(() => parseFeed({ feedId: "default", rows: { m: model } })).toThrow(message);
  });
});
