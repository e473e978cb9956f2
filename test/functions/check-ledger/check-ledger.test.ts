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
  /** Messages, by count of the queues; the last one stays. */
  depths = [0];
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
      queues: { messages: async () => (depths.length > 1 ? (depths.shift() ?? 0) : (depths[0] ?? 0)) },
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
