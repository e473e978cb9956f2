import { describe, expect, it, test } from "vitest";
import { type PreviewFeed, previewEvents } from "../../../functions/onboarding-api/preview-events.ts";
import { convertEvent } from "../../../shared/core/convert/convert-event.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import { parseFeed, parseTenant } from "../../../shared/core/validators.ts";
import { NOW_MS, track } from "../../support/builders.ts";

type Fields = Record<string, unknown>;

function previewed(feed: Fields = {}, tenant: Fields = {}): PreviewFeed {
  return {
    tenant: parseTenant({ tenantId: "acme", ...tenant }),
    feed: parseFeed({ feedId: "default", ...feed }),
    partnerIdentity: undefined,
  };
}

describe("the message id of a previewed event is the one that is sent", () => {
  const feed = previewed({ rows: { visits: { eventType: "custom_event" } } });
  const values = { customer_id: "c", event_name: "Visit", event_type: "other" };

  it.each([
    { type: "row", model: "visits", values },
    { type: "row", model: "visits", values, messageId: "own" },
    { type: "audience", userId: "u", action: "add", audience: "VIP" },
    track({ messageId: undefined }),
  ] as PartnerEvent[])("$type", (event) => {
    const conversion = convertEvent(event, { ...feed, sentAtMs: NOW_MS });

    const { events } = previewEvents({ events: [event, event] }, feed, NOW_MS);

    const messageId = conversion.kind === "contribution" && conversion.contribution.messageId;
    expect(events).toMatchObject([
      { ending: "delivered", messageId },
      { ending: "filtered", rule: "duplicate", messageId },
    ]);
  });
});

describe("a filtered event says why in a sentence", () => {
  const alias = { type: "alias", userId: "u", previousId: "someone-else" };
  const twice = track({ messageId: "twice" });
  test.each([
    ["integrations", track({ integrations: { mParticle: false } }), previewed(), "not for mParticle"],
    ["unmapped", track({ event: "X" }), previewed({ mapping: { unmapped: "drop" } }), "No rule"],
    ["blocked", track({ event: "X" }), previewed({}, { blockedEvents: ["X"] }), "blocked events"],
    [
      "ignored",
      track({ event: "X" }),
      previewed({ mapping: { rules: [{ event: "X", ignore: true }] } }),
      "not sent",
    ],
    ["alias_unusable", alias, previewed(), "anonymous id"],
    ["consent:marketing", track(), previewed({ consent: { required: ["marketing"] } }), '"marketing"'],
    ["duplicate", twice, previewed(), "message id"],
  ] as const)("%s", (rule, event, feed, said) => {
    const { events } = previewEvents({ events: [twice, event] }, feed, NOW_MS);

    expect(events[1]).toMatchObject({ ending: "filtered", rule, why: expect.stringContaining(said) });
  });
});

test("an event whose conversion throws is rejected, and its neighbours are previewed", () => {
  const broken = Object.defineProperty(previewed().feed, "rows", {
    get: () => {
      throw new TypeError("CANARY");
    },
  });
  const thrown: unknown[] = [];

  const { events, batches } = previewEvents(
    { events: [track(), { type: "row", model: "m", values: {} }, track()] },
    { ...previewed(), feed: broken },
    NOW_MS,
    (error) => thrown.push(error),
  );

  expect(events.map(({ ending }) => ending)).toEqual(["delivered", "rejected", "delivered"]);
  expect(events[1]?.findings).toMatchObject([{ code: "conversion_failed", severity: "error" }]);
  expect(batches).toHaveLength(1);
  expect(thrown).toEqual([new TypeError("CANARY")]);
});

test("a mapping that cannot be compiled fails events, not their preview", () => {
  const { feed, ...rest } = previewed();
  const mapping = Object.defineProperty({ ...feed.mapping }, "rules", {
    get: () => {
      throw new TypeError("CANARY");
    },
  });

  const { events } = previewEvents(
    { events: [track(), {}] },
    { ...rest, feed: { ...feed, mapping } },
    NOW_MS,
  );

  expect(events.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
    ["conversion_failed"],
    ["event_type_unknown"],
  ]);
});
