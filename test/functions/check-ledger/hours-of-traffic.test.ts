import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkLedger } from "../../../functions/check-ledger/check-ledger.ts";
import { hourOf } from "../../../shared/core/hour.ts";
import { DAY_MS, NOW_MS } from "../../support/builders.ts";
import { FakeLedger } from "../../support/fake-stores.ts";

const MINUTE_MS = 60_000;

interface Waiting {
  readonly tenantId: string;
  readonly sentAtMs: number;
  dueAtMs: number;
  receives: number;
}

const day = fc.record({
  /** Minutes between the messages of each tenant. */
  every: fc.record({ acme: fc.integer({ min: 3, max: 20 }), bolt: fc.integer({ min: 20, max: 400 }) }),
  /** mParticle is away between these minutes, and everything goes back. */
  outage: fc.record({ from: fc.integer({ min: 0, max: 400 }), minutes: fc.integer({ min: 0, max: 500 }) }),
  /** Minutes for which a message stays hidden that goes back, in turn. */
  delays: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }),
  /** Nobody receives anything between these minutes: the function is stopped. */
  standstill: fc.record({
    from: fc.integer({ min: 0, max: 600 }),
    minutes: fc.integer({ min: 0, max: 240 }),
  }),
});

/** Fourteen hours of two tenants' traffic, minute by minute, with a check in every hour. */
async function run(
  { every, outage, delays, standstill }: typeof day extends fc.Arbitrary<infer Day> ? Day : never,
  lostAtMinute?: number,
) {
  const ledger = new FakeLedger();
  let waiting: Waiting[] = [];
  let turn = 0;
  let lost: Waiting | undefined;
  const found: { minute: number; tenantId: string | undefined; hour: string }[] = [];
  for (let minute = 0; minute < 14 * 60; minute++) {
    const nowMs = NOW_MS + minute * MINUTE_MS;
    ledger.nowMs = nowMs;
    for (const [tenantId, minutes] of Object.entries(every))
      if (minute % minutes === 0) waiting.push({ tenantId, sentAtMs: nowMs, dueAtMs: nowMs, receives: 0 });
    const isWithin = ({ from, minutes }: typeof outage) => minute >= from && minute < from + minutes;
    const due = isWithin(standstill) ? [] : waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    for (const message of due) {
      const account = { tenantId: message.tenantId, feedId: "default", hour: hourOf(message.sentAtMs) };
      const came = message.receives++ === 0 ? "first" : "again";
      const goesBack = isWithin(outage);
      await ledger.add([{ ...account, [came]: 1, [goesBack ? "returned" : "delivered"]: 1 }]);
      if (goesBack) message.dueAtMs = nowMs + (delays[turn++ % delays.length] ?? 1) * MINUTE_MS;
      else waiting = waiting.filter((other) => other !== message);
    }
    if (minute >= (lostAtMinute ?? Number.POSITIVE_INFINITY))
      lost ??= waiting.find(({ receives }) => receives > 0);
    if (lost) waiting = waiting.filter((message) => message !== lost);
    if (minute % 60 !== 7) continue;
    const { findings } = await checkLedger({
      accounts: ledger,
      queues: { messages: async () => ({ live: 1 + waiting.length, others: 0 }) },
      clock: { nowMs: () => nowMs },
      settings: { hours: 3, quietMs: 15 * MINUTE_MS, queueRetentionMs: 14 * DAY_MS },
    });
    found.push(...findings.map(({ tenantId, hour }) => ({ minute, tenantId, hour })));
  }
  return { found, lost };
}

describe("hours of traffic on queues that are never empty", () => {
  it("lead to no finding, whatever goes back and however long nobody receives", async () => {
    await fc.assert(
      fc.asyncProperty(day, async (drawn) => {
        expect((await run(drawn)).found).toEqual([]);
      }),
      { numRuns: 30, seed: 20_260_301 },
    );
  });

  it("show a message that was lost on the way, and no other, before they end", async () => {
    await fc.assert(
      fc.asyncProperty(day, fc.integer({ min: 0, max: 400 }), async (drawn, lostAtMinute) => {
        const short = { ...drawn.outage, minutes: Math.min(drawn.outage.minutes, 500 - drawn.outage.from) };
        const { found, lost } = await run(
          { ...drawn, outage: short, standstill: { from: 0, minutes: 0 } },
          lostAtMinute,
        );

        const accounts = new Set(found.map(({ tenantId, hour }) => `${tenantId} ${hour}`));
        expect([...accounts]).toEqual(lost ? [`${lost.tenantId} ${hourOf(lost.sentAtMs)}`] : []);
      }),
      { numRuns: 30, seed: 20_260_301 },
    );
  });
});
