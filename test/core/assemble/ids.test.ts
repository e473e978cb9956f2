import { describe, expect, it } from "vitest";
import { DAY_MS, feed, identify, NOW_MS, track } from "../../support/builders.ts";
import { type AssembleOptions, assembled } from "./support.ts";

const idOf = (events: readonly unknown[], options?: AssembleOptions) =>
  assembled(events, options).batches[0]?.batch.source_request_id;

describe("the id of a batch", () => {
  const events = [
    track({ messageId: "a" }),
    track({ messageId: "b" }),
    identify({ plan: "gold" }, { messageId: "c" }),
  ];

  it("is the same for the same events in any order, at any time", () => {
    const ids = [
      idOf(events),
      idOf(events.toReversed()),
      idOf(events, { nowMs: NOW_MS + DAY_MS }),
      idOf(structuredClone(events)),
    ];

    expect(ids[0]).toMatch(/^[\w-]{20,64}$/);
    expect(new Set(ids).size).toBe(1);
  });

  it.each<{ what: string; events?: readonly unknown[]; options?: AssembleOptions }>([
    { what: "one event less", events: events.slice(1) },
    { what: "one profile update less", events: events.slice(0, 2) },
    { what: "another message id", events: [{ ...events[0], messageId: "z" }, ...events.slice(1)] },
    { what: "another property", events: [{ ...events[0], properties: { x: 1 } }, ...events.slice(1)] },
    {
      what: "another attribute",
      events: [...events.slice(0, 2), { ...events[2], traits: { plan: "free" } }],
    },
    { what: "another user", events: events.map((event) => ({ ...event, userId: "u-2" })) },
    { what: "another tenant", options: { tenantId: "bolt" } },
    { what: "another feed", options: { feed: feed({ feedId: "other" }) } },
    { what: "another environment", options: { feed: feed({ environment: "production" }) } },
    { what: "another route", options: { mode: "historical", nowMs: NOW_MS + 10 * DAY_MS } },
  ])("is another one with $what", ({ events: changed = events, options = {} }) => {
    expect(idOf(changed, options)).not.toBe(idOf(events));
  });

  it("tells apart two tenants whose ids and feed ids join to the same text", () => {
    const left = idOf(events, { tenantId: "a", feed: feed({ feedId: "b-c" }) });
    const right = idOf(events, { tenantId: "a-b", feed: feed({ feedId: "c" }) });

    expect(left).not.toBe(right);
  });

  it("gives an event without a message id the same id each time it comes", () => {
    const event = track({ messageId: undefined });

    const ids = [event, { ...event }].map((copy) => assembled([copy]).batches[0]?.batch.events?.[0]?.data);

    expect(ids[0]?.source_message_id).toMatch(/^[\w-]{20,64}$/);
    expect(ids[1]).toEqual(ids[0]);
  });
});
