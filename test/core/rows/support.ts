/** Rows under a model, and what becomes of them. */
import { expect } from "vitest";
import { checkBatch } from "../../../shared/core/validators.ts";
import { batchOf, contributionOf, MOMENT, type Setup } from "../convert/support.ts";

export type Fields = Record<string, unknown>;

export const modelled = (model: Fields, rest: Setup = {}): Setup => ({
  ...rest,
  feed: { ...rest.feed, rows: { m: model } },
});
export const row = (values: Fields, over: Fields = {}) => ({ type: "row", model: "m", values, ...over });

/** What a row becomes, as it is sent. */
export function batch(values: Fields, model: Fields, rest?: Setup): Fields {
  const made = batchOf(
    contributionOf(row(values, { messageId: "m-1", timestamp: MOMENT }), modelled(model, rest)),
  );
  const { isAlone: _, messageId: __, occurredAtMs: ___, environment: ____, ...sent } = made;
  const { userAttributes: _____, deletedUserAttributes: ______, ...wire } = sent;
  expect(checkBatch(wire)).toBeUndefined();
  return wire;
}
export const attributes = (values: Fields, model: Fields = {}, rest?: Setup) =>
  batch({ customer_id: "c", ...values }, { eventType: "user_attributes", ...model }, rest)["user_attributes"];
export const deleted = (values: Fields, model: Fields) =>
  batch({ customer_id: "c", ...values }, { eventType: "user_attributes", ...model })[
    "deleted_user_attributes"
  ];
export const data = (values: Fields, model: Fields) => {
  const [event] = batch({ customer_id: "c", ...values }, model)["events"] as { data: Fields }[];
  const { timestamp_unixtime_ms, source_message_id, ...rest } = event?.data ?? {};
  return rest;
};
