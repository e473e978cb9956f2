import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseFeed } from "../../../shared/core/validators.ts";
import { contributionOf } from "../convert/support.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
const section = readme.split("\n## Rows and audiences\n")[1]?.split("\n## ")[0] ?? "";
const [event, rows] = Array.from(section.matchAll(/```json\n(.*?)```/gs), ([, json = ""]) =>
  JSON.parse(json),
);

test("the README's row is what its model says", () => {
  expect(parseFeed({ feedId: "default", rows }).rows).toEqual(rows);
  const { events, envelope } = contributionOf(
    { ...event, values: { ...event.values, AT: "2023-11-24 10:00:00" } },
    { feed: { rows } },
  );

  expect(envelope).toEqual({ userIdentities: { customer_id: "c-1" } });
  expect(JSON.parse(JSON.stringify(events))).toMatchObject([
    {
      event_type: "commerce_event",
      data: {
        timestamp_unixtime_ms: Date.parse("2023-11-24T10:00:00Z"),
        product_action: { action: "purchase", transaction_id: "17", total_amount: 99.5 },
      },
    },
  ]);
});
