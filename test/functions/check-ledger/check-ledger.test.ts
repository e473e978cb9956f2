import { describe, expect, it } from "vitest";
import { checkLedger } from "../../../functions/check-ledger/check-ledger.ts";
import { type LedgerEntry, sumColumns } from "../../../shared/core/ledger.ts";
import { DAY_MS, HOUR_MS, NOW_MS } from "../../support/builders.ts";
import { FakeLedger, OutageError } from "../../support/fake-stores.ts";

const MINUTE_MS = 60_000;
const HOUR = "2026-03-01T10";
const acme = { tenantId: "acme", feedId: "default", hour: HOUR };

/** A ledger, queues of a depth that tests set, and a check of the last three hours. */
class CheckWorld {
  readonly ledger = new FakeLedger();
  /** Messages of the live queue, by count of the queues; the last one stays. */
  depths = [0];
  /** Messages of the others. */
  others = 0;
  nowMs = NOW_MS;

  /** Writes entries so many minutes before the check, one hour after the hour of {@link acme}. */
  async write(minutesAgo: number, ...entries: LedgerEntry[]): Promise<void> {
    this.ledger.nowMs = this.nowMs - minutesAgo * MINUTE_MS;
    await this.ledger.add(entries);
  }

  async check() {
    const depths = [...this.depths];
    return checkLedger({
      accounts: this.ledger,
      queues: {
        messages: async () => {
          const live = (depths.length > 1 ? depths.shift() : depths[0]) ?? 0;
          return { live, others: this.others };
        },
      },
      clock: { nowMs: () => this.nowMs },
      settings: { hours: 3, quietMs: 15 * MINUTE_MS, queueRetentionMs: 14 * DAY_MS },
    });
  }

  get watched(): (string | undefined)[] {
    return this.ledger.accounts.filter(({ isWatched }) => isWatched).map(({ feedId }) => feedId);
  }
}

describe("checking the ledger", () => {
  it("finds nothing wrong with accounts that add up", async () => {
    const world = new CheckWorld();
    await world.write(
      60,
      { ...acme, first: 3, delivered: 2, held: 1 },
      { hour: HOUR, first: 1, rejected: 1 },
    );

    expect(await world.check()).toEqual({ accounts: 2, inProgress: 0, messages: 0, findings: [] });
  });

  it("finds an account where more came than left, even while it is being written", async () => {
    const world = new CheckWorld();
    await world.write(0, { ...acme, first: 3, delivered: 1 });

    expect((await world.check()).findings).toEqual([
      { ...acme, ...sumColumns([{ first: 3, delivered: 1 }]), imbalance: { kind: "unbalanced", events: 2 } },
    ]);
  });

  it("finds what is in progress and on no queue", async () => {
    const world = new CheckWorld();
    await world.write(20, { ...acme, first: 5, delivered: 3, returned: 2 });

    const { findings, inProgress } = await world.check();

    expect(inProgress).toBe(2);
    expect(findings).toEqual([
      {
        tenantId: "acme",
        hour: HOUR,
        ...sumColumns([{ first: 5, delivered: 3, returned: 2 }]),
        imbalance: { kind: "lost", events: 2 },
      },
    ]);
  });

  it.each([
    { what: "while there are messages", depths: [1] },
    { what: "when messages came meanwhile", depths: [0, 1] },
    { what: "when messages were taken meanwhile", depths: [1, 0] },
  ])("takes it to be on the queue $what", async ({ depths }) => {
    const world = new CheckWorld();
    world.depths = depths;
    await world.write(20, { ...acme, first: 2, returned: 2 });

    expect(await world.check()).toMatchObject({ inProgress: 2, messages: 1, findings: [] });
  });

  it("takes it to be on the way while the account has not been quiet for long", async () => {
    const world = new CheckWorld();
    await world.write(14, { ...acme, first: 2, returned: 2 });

    expect((await world.check()).findings).toEqual([]);
  });

  it("knows that a message which came again may have been another feed's by then", async () => {
    const world = new CheckWorld();
    await world.write(50, { ...acme, first: 2, returned: 2 });
    await world.write(20, { ...acme, feedId: undefined, again: 2, held: 2 });

    const { findings } = await world.check();

    expect(findings).toEqual([]);
    expect(world.watched).toEqual([]);
  });

  it("does not take what came again after a crash for wrong", async () => {
    const world = new CheckWorld();
    await world.write(60, { ...acme, again: 3, delivered: 3 });

    expect((await world.check()).findings).toEqual([]);
  });

  it("finds what was lost long after its account was last written, when the queues are empty at last", async () => {
    const world = new CheckWorld();
    world.depths = [7];
    await world.write(20, { ...acme, first: 2, returned: 2 });
    await world.check();
    world.depths = [0];
    world.nowMs += 5 * DAY_MS;

    const { findings } = await world.check();

    expect(findings).toMatchObject([{ hour: HOUR, imbalance: { kind: "lost", events: 2 } }]);
  });

  describe("while the queues are never empty", () => {
    /** Two events of acme's were given back at 10:50; the check is made hour by hour, and was at 12:00. */
    async function withOpenEvents(): Promise<CheckWorld> {
      const world = new CheckWorld();
      world.depths = [500];
      await world.write(70, { ...acme, first: 2, returned: 2 });
      await world.check();
      return world;
    }

    const delivered = (tenantId: string, hour: string) => ({
      ...acme,
      tenantId,
      hour,
      first: 1,
      delivered: 1,
    });
    const LOST = [{ tenantId: "acme", hour: HOUR, imbalance: { kind: "lost", events: 2 } }];

    it("finds lost what messages have overtaken that the tenant sent an hour or two later", async () => {
      const world = await withOpenEvents();
      await world.write(50, delivered("acme", "2026-03-01T11"));
      const first = await world.check();
      world.nowMs += HOUR_MS;
      await world.write(50, delivered("acme", "2026-03-01T12"));

      const { findings } = await world.check();

      // What was sent between 11:00 and 11:20 may have come before the open ones were due.
      expect(first.findings).toEqual([]);
      expect(findings).toMatchObject(LOST);
      expect(world.watched).toEqual(["default"]);
    });

    it("finds lost what others' messages have overtaken, of a tenant who sends nothing more", async () => {
      const world = await withOpenEvents();
      world.nowMs += HOUR_MS;
      await world.write(50, delivered("bolt", "2026-03-01T12"));

      expect((await world.check()).findings).toMatchObject(LOST);
    });

    it("finds nothing where others overtake a tenant whose own older messages still come", async () => {
      const world = await withOpenEvents();
      world.nowMs += HOUR_MS;
      await world.write(30, delivered("acme", "2026-03-01T09"));
      await world.write(1, delivered("bolt", "2026-03-01T12"));

      expect((await world.check()).findings).toEqual([]);
    });

    it("finds nothing in a long outage, in which messages come and go back again", async () => {
      const world = await withOpenEvents();
      const findings: unknown[] = [];
      const hours = [HOUR];
      for (let hour = 0; hour < 12; hour++) {
        await world.write(16, ...hours.map((sent) => ({ ...acme, hour: sent, again: 2, returned: 2 })));
        const sent = new Date(world.nowMs - HOUR_MS).toISOString().slice(0, 13);
        await world.write(16, { ...acme, hour: sent, first: 2, returned: 2 });
        hours.push(sent);
        findings.push(...(await world.check()).findings);
        world.nowMs += HOUR_MS;
      }

      expect(findings).toEqual([]);
    });

    it("finds nothing while nothing is received of anybody", async () => {
      const world = await withOpenEvents();
      await world.write(60, delivered("bolt", "2026-03-01T11"));
      const findings: unknown[] = [];
      for (let hour = 0; hour < 30; hour++) {
        findings.push(...(await world.check()).findings);
        world.nowMs += HOUR_MS;
      }

      expect(findings).toEqual([]);
    });

    it("finds nothing of a paused tenant, whose events are held", async () => {
      const world = new CheckWorld();
      world.depths = [500];
      await world.write(70, { ...acme, first: 2, held: 2 });
      world.nowMs += HOUR_MS;
      await world.write(50, { ...acme, hour: "2026-03-01T12", first: 1, held: 1 });

      expect((await world.check()).findings).toEqual([]);
    });

    it("finds nothing while messages lie where they may lie for long", async () => {
      const world = await withOpenEvents();
      world.nowMs += HOUR_MS;
      await world.write(50, delivered("acme", "2026-03-01T12"));
      world.others = 1;
      const before = await world.check();
      world.others = 0;

      expect(before.findings).toEqual([]);
      expect((await world.check()).findings).toMatchObject(LOST);
    });

    it("knows that a later message may be another feed's", async () => {
      const world = await withOpenEvents();
      world.nowMs += HOUR_MS;
      await world.write(55, { ...acme, feedId: "ios", again: 2, delivered: 2 });
      await world.write(50, { ...delivered("acme", "2026-03-01T12"), feedId: "ios" });

      expect((await world.check()).findings).toEqual([]);
      expect(world.watched).toEqual([]);
    });
  });

  it("finds what was lost when no queue keeps a message for so long, though they are never empty", async () => {
    const world = new CheckWorld();
    world.depths = [7];
    await world.write(20, { ...acme, first: 2, returned: 2 });
    await world.check();
    world.nowMs += 13 * DAY_MS;
    const before = await world.check();
    world.nowMs += DAY_MS;

    const { findings } = await world.check();

    expect(before.findings).toEqual([]);
    expect(findings).toMatchObject([{ hour: HOUR, imbalance: { kind: "lost", events: 2 } }]);
  });

  it("finds the same again, run after run, until it is put right", async () => {
    const world = new CheckWorld();
    await world.write(
      20,
      { ...acme, first: 2, delivered: 1 },
      { ...acme, feedId: "ios", first: 1, returned: 1 },
    );
    const runs: number[] = [];

    for (let run = 0; run < 5; run++) {
      runs.push((await world.check()).findings.length);
      world.nowMs += HOUR_MS;
    }
    await world.write(20, { ...acme, delivered: 1 }, { ...acme, feedId: "ios", again: 1, delivered: 1 });

    expect(runs).toEqual([2, 2, 2, 2, 2]);
    expect((await world.check()).findings).toEqual([]);
  });

  it("watches an account no more when its events ended under another one", async () => {
    const world = new CheckWorld();
    world.depths = [1];
    await world.write(20, { ...acme, first: 2, returned: 2 });
    await world.check();
    const before = world.watched;
    world.depths = [0];
    world.nowMs += 4 * HOUR_MS;
    await world.write(20, { ...acme, feedId: "ios", again: 2, delivered: 2 });

    const { findings } = await world.check();

    expect(before).toEqual(["default"]);
    expect(findings).toEqual([]);
    expect(world.watched).toEqual([]);
  });

  it("looks at no account that adds up and was last written before its hours", async () => {
    const world = new CheckWorld();
    await world.write(4 * 60, { ...acme, first: 1, delivered: 1 });

    expect(await world.check()).toMatchObject({ accounts: 0 });
  });

  it("fails when the queues cannot be counted", async () => {
    const { ledger } = new CheckWorld();
    const check = checkLedger({
      accounts: ledger,
      queues: { messages: () => Promise.reject(new OutageError("no queue")) },
      clock: { nowMs: () => NOW_MS },
      settings: { hours: 3, quietMs: 0, queueRetentionMs: DAY_MS },
    });

    await expect(check).rejects.toThrow(OutageError);
  });
});
