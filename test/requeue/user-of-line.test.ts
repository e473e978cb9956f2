import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParkedLine } from "../../shared/core/parked-line.ts";
import { userOfLine } from "../../shared/requeue/user-of-line.ts";
import { feed, message, NOW_MS, record, track } from "../support/builders.ts";
import { DeliverWorld } from "../support/deliver-world.ts";

const lineOf = (content: ParkedLine["content"], mode?: ParkedLine["mode"]): ParkedLine => ({
  text: "",
  sqsMessageId: "sqs",
  sentAtMs: NOW_MS,
  mode,
  code: "",
  hours: {},
  content,
});
const userOf = (event: unknown) => userOfLine(lineOf({ kind: "event", text: JSON.stringify(event) }));

describe("events of one user", () => {
  it("are known by their ids and where they come from, whatever they say else", () => {
    const one = track({ context: { ip: "203.0.113.9", page: { url: "https://a" }, traits: { plan: "a" } } });
    const other = track({ event: "Other", properties: { a: 1 }, context: { ip: "203.0.113.9", page: {} } });

    expect(userOf(one)).toBe(userOf(other));
  });

  it.each([
    ["another user", { userId: "u-2" }],
    ["another anonymous id", { anonymousId: "x" }],
    ["another e-mail address", { properties: { email: "a@example.org" } }],
    ["another phone", { context: { traits: { phone: "+4712345678" } } }],
    ["another address", { context: { ip: "203.0.113.10" } }],
    ["another device", { context: { device: { id: "x" } } }],
  ])("are not those of %s", (_, over) => {
    expect(userOf(track(over))).not.toBe(userOf(track()));
  });

  it("are told apart by the mode of their messages, which are other ones then", () => {
    const content = { kind: "event", text: JSON.stringify(track()) } as const;

    expect(userOfLine(lineOf(content, "historical"))).not.toBe(userOfLine(lineOf(content)));
  });

  it.each([
    ["a batch as it was built", lineOf({ kind: "batch", body: "{}", route: "live" })],
    ["a body", lineOf({ kind: "body", body: "no json" })],
    ["a batch of the partner's", lineOf({ kind: "event", text: '{"type":"batch","batch":{}}' })],
    [
      "what nests too deep to be written",
      lineOf({ kind: "event", text: `{"context":{"os":${"[".repeat(20_000)}${"]".repeat(20_000)}}}` }),
    ],
  ])("are none of %s", (_, line) => {
    expect(userOfLine(line)).toBeUndefined();
  });

  it.each(["null", "7", '"text"', "[]", '{"context":null,"traits":[]}'])("may be of no shape: %s", (text) => {
    expect(userOfLine(lineOf({ kind: "event", text }))).toEqual(expect.any(String));
  });

  it("never become more batches than users were told apart", async () => {
    const some = (...values: unknown[]) => fc.constantFrom(undefined, undefined, ...values);
    const event = fc.record({
      type: fc.constantFrom("track", "identify", "page", "group"),
      event: fc.constant("Seen"),
      groupId: fc.constant("g"),
      userId: some("u1", "u2", 7),
      anonymousId: some("a1", "a2"),
      partnerUserId: some("p1", "p2"),
      traits: some(
        { email: "a@example.org" },
        { email: "B@example.org", plan: "x" },
        { phone: "+4712345678" },
      ),
      properties: some({ email: "c@example.org" }, { price: 3 }),
      context: some(
        { ip: "203.0.113.9" },
        { ip: "203.0.113.10", page: { url: "https://a" } },
        { device: { id: "d1", type: "ios" }, os: { version: "1" } },
        { device: { id: "d1", type: "ios" }, os: { version: "2" }, app: { name: "A" } },
        { userAgent: "x", locale: "en-GB", timezone: "Europe/Oslo", traits: { email: "d@example.org" } },
        { network: { carrier: "c" }, screen: { width: 3, height: 4 }, location: { city: "Oslo" } },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), async (drawn) => {
        const world = new DeliverWorld({ partnerIdentity: "Partner_UserId" });
        world.addTenant("acme", [feed({ mapping: { phoneAsIdentity: true } })]);
        const events = drawn.map((fields, i) => ({ ...fields, messageId: `m${i}`, timestamp: NOW_MS }));

        await world.deliver(record(message(events)));

        const batches = world.mparticle.requests.flatMap((request) => request.batches);
        expect(batches.length).toBeLessThanOrEqual(new Set(events.map(userOf)).size);
      }),
      { numRuns: 200, seed: 20_260_301 },
    );
  });
});
