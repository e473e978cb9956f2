import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { contributionOf, convert, eventOf, track } from "../convert/support.ts";

const README = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

it("the document of the README does what the README says", () => {
  const section = README.slice(README.indexOf("\n## Mapping\n"));
  const mapping = JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? "null");

  expect(eventOf(track("Purchase_Done", { order_id: "o" }), { mapping })).toMatchObject({
    product_action: { action: "purchase", transaction_id: "o" },
  });
  expect(convert(track("debug_x"), { mapping })).toMatchObject({ kind: "filtered", rule: "ignored" });
  expect(convert(track("Tea Brewed"), { mapping })).toMatchObject({ kind: "filtered", rule: "unmapped" });
  expect(eventOf(track("Video Played", { seconds: "12.7" }), { mapping })).toMatchObject({
    custom_event_type: "media",
    custom_attributes: { length: "12", seconds: "12.7" },
  });
  expect(eventOf(track("Receipt Sent", { sum: 120, receipt: "r" }), { mapping })).toMatchObject({
    product_action: { action: "purchase", transaction_id: "r", total_amount: 120 },
  });
  expect(convert(track("Receipt Sent", { sum: 99 }), { mapping })).toMatchObject({ rule: "unmapped" });
  const user = {
    type: "identify",
    messageId: "m",
    traits: { memberNumber: 7, email: "a@x.example", internal_x: 1 },
  };
  expect(contributionOf(user, { mapping })).toMatchObject({
    envelope: { userIdentities: { customer_id: "7" } },
    userAttributes: { acme_plan: "free", acme_email_sha256: expect.any(String) },
  });
});
