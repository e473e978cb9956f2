import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBatch } from "../../../shared/core/validators.ts";
import { customEvent, DAY_MS, feed, HOUR_MS, NOW_MS } from "../../support/builders.ts";
import { assembled, idsOf } from "./support.ts";

const MIN_HISTORICAL_MS = 72 * HOUR_MS;

const user = fc.constantFrom("u1", "u2", "u3");
const ageMs = fc.constantFrom(0, HOUR_MS, 71 * HOUR_MS, 73 * HOUR_MS, 29 * DAY_MS, 31 * DAY_MS, 400 * DAY_MS);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.nat(4_096).map((length) => "å".repeat(length)),
);
const bag = fc.oneof(
  fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), text, { maxKeys: 6 }),
  // Many or large enough to need several batches.
  fc
    .record({ count: fc.nat(140), value: text })
    .map(({ count, value }) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, value]))),
);

const event = fc.oneof(
  fc.record({ type: fc.constant("track"), event: fc.constant("Seen"), userId: user, ageMs, properties: bag }),
  fc.record({ type: fc.constant("identify"), userId: user, ageMs, traits: bag }),
  fc.record({
    type: fc.constant("batch"),
    ageMs,
    batch: fc.record({
      user_identities: user.map((customer_id) => ({ customer_id })),
      user_attributes: bag,
      events: fc.array(
        fc
          .record({ ageMs, custom_attributes: bag })
          .map(({ ageMs: age, ...data }) => customEvent({ ...data, timestamp_unixtime_ms: NOW_MS - age })),
        { maxLength: 4 },
      ),
    }),
  }),
);

describe("any events", () => {
  it("become batches within every limit, each event in exactly one, alike in any order", () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 12 }),
        fc.constantFrom("auto", "live", "historical"),
        fc.constantFrom(undefined, 2),
        fc.infiniteStream(fc.nat()),
        (drawn, mode, eventsPerRequest, places) => {
          const events = drawn.map(({ ageMs: age, ...rest }, i) => ({
            ...rest,
            messageId: `m${i}`,
            timestamp: NOW_MS - age,
          }));
          const options = { mode, feed: feed({ limits: { eventsPerRequest } }) } as const;

          const { batches, refused } = assembled(events, options);

          for (const { batch, body, route, eventCount } of batches) {
            const sent = batch.events ?? [];
            expect(checkBatch(batch)).toBeUndefined();
            expect(Buffer.byteLength(body)).toBeLessThanOrEqual(125_000);
            expect(Object.keys(batch.user_attributes ?? {}).length).toBeLessThanOrEqual(100);
            expect(sent).toHaveLength(eventCount);
            expect(eventCount).toBeLessThanOrEqual(eventsPerRequest ?? Number.POSITIVE_INFINITY);
            const times = sent.map(({ data }) => Number(data["timestamp_unixtime_ms"]));
            expect(times).toEqual(times.toSorted((a, b) => a - b));
            if (route === "historical") {
              expect(eventCount).toBeGreaterThan(0);
              expect(Math.max(...times)).toBeLessThan(NOW_MS - MIN_HISTORICAL_MS);
            }
          }
          const refusedSources = new Set(refused.map(({ source }) => source));
          const sentSources = new Set(batches.flatMap(({ sources }) => sources));
          for (const index of events.keys())
            expect([index, refusedSources.has(index)]).toEqual([index, !sentSources.has(index)]);
          const sentIds = batches.flatMap(idsOf);
          expect(new Set(sentIds).size).toBe(sentIds.length);
          const tracked = events.filter(({ type }, i) => type === "track" && !refusedSources.has(i));
          expect(tracked.filter(({ messageId }) => !sentIds.includes(messageId))).toEqual([]);
          expect(new Set(batches.map(({ batch }) => batch.source_request_id)).size).toBe(batches.length);

          const order = events.map((value) => ({ value, place: places.next().value }));
          const shuffled = order.sort((a, b) => a.place - b.place).map(({ value }) => value);
          const bodies = assembled(shuffled, options).batches.map(({ body }) => body);
          expect(bodies.sort()).toEqual(batches.map(({ body }) => body).sort());
        },
      ),
      { numRuns: 100, seed: 20_260_301 },
    );
  });
});
