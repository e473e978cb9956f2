import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../shared/core/ledger.ts";
import type { LedgerAccount } from "../../shared/ports.ts";
import { HOUR_MS, NOW_MS } from "../support/builders.ts";
import { useLedgerTable } from "./ledger-table.ts";

const table = useLedgerTable();

const entry = (tenantId: string, feedId: string | undefined, hour: string): LedgerEntry => ({
  tenantId,
  feedId,
  hour,
  first: 1,
  delivered: 1,
});

async function pagesOf(pages: AsyncIterable<readonly LedgerAccount[]>) {
  const read: (readonly LedgerAccount[])[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

async function all(pages: AsyncIterable<readonly LedgerAccount[]>): Promise<LedgerAccount[]> {
  return (await pagesOf(pages)).flat();
}

describe("the accounts of a tenant", () => {
  it("are those of all its feeds, from hour to hour", async () => {
    const { ledger } = table.writer();
    const feeds = [undefined, "a", "a-b", "a.b", "Z9", "default"];
    const hours = ["2026-02-28T23", "2026-03-01T00", "2026-03-01T01", "2026-03-01T02"];
    await ledger.add(feeds.flatMap((feedId) => hours.map((hour) => entry("range", feedId, hour))));
    await ledger.add([entry("rang", "a", "2026-03-01T00"), entry("range-2", "a", "2026-03-01T00")]);

    const accounts = await table.accounts().ofTenant("range", { from: "2026-03-01T00", to: "2026-03-01T01" });

    expect(accounts.map(({ feedId = "", hour }) => `${feedId} ${hour}`).sort()).toEqual(
      feeds.flatMap((feedId = "") => [`${feedId} 2026-03-01T00`, `${feedId} 2026-03-01T01`]).sort(),
    );
    expect(new Set(accounts.map(({ tenantId }) => tenantId))).toEqual(new Set(["range"]));
  });

  it("are none of a tenant that nothing came for", async () => {
    expect(await table.accounts().ofTenant("nobody", { from: "2026", to: "2027" })).toEqual([]);
  });
});

describe("the accounts last written in an hour", () => {
  it("are found whatever the hour of their events, as they stand", async () => {
    const { ledger, clock } = table.writer();
    clock.at = NOW_MS + 100 * HOUR_MS;
    await ledger.add([entry("old", "a", "2026-02-01T00"), entry("new", "a", "2026-03-05T16")]);
    await ledger.add([entry("new", "a", "2026-03-05T16")]);

    const accounts = await all(table.accounts().lastWrittenIn("2026-03-05T16"));

    expect(accounts.toSorted((a, b) => (a.hour < b.hour ? -1 : 1))).toMatchObject([
      { tenantId: "old", feedId: "a", hour: "2026-02-01T00", first: 1, again: 0, isWatched: false },
      { tenantId: "new", hour: "2026-03-05T16", first: 2, delivered: 2, writtenAtMs: clock.at },
    ]);
  });

  it("are found under the latest hour only", async () => {
    const { ledger, clock } = table.writer();
    clock.at = NOW_MS + 200 * HOUR_MS;
    await ledger.add([entry("moved", "a", "2026-02-01T00")]);
    clock.at += HOUR_MS;
    await ledger.add([entry("moved", "a", "2026-02-01T00")]);

    const [before, after] = await Promise.all(
      ["2026-03-09T20", "2026-03-09T21"].map((hour) => all(table.accounts().lastWrittenIn(hour))),
    );

    expect(before).toEqual([]);
    expect(after).toMatchObject([{ tenantId: "moved", first: 2 }]);
  });

  it("come in pages when they are many", async () => {
    const { ledger, clock } = table.writer();
    clock.at = NOW_MS + 300 * HOUR_MS;
    const feeds = Array.from({ length: 230 }, (_, i) => entry("pages", `f${i}`, "2026-02-01T00"));
    await ledger.add(feeds);

    const pages = await pagesOf(table.accounts().lastWrittenIn("2026-03-14T00"));

    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(pages.flat().map(({ feedId }) => feedId)).size).toBe(230);
  });
});

describe("a watched account", () => {
  it("is found as such, until it is written again", async () => {
    const accounts = table.accounts();
    const { ledger, clock } = table.writer();
    clock.at = NOW_MS + 400 * HOUR_MS;
    await ledger.add([entry("stuck", "a", "2026-02-01T00")]);
    const [stuck] = await accounts.ofTenant("stuck", { from: "2026", to: "2027" });

    await accounts.setWatched(stuck as LedgerAccount, true);

    expect(await all(accounts.watched())).toMatchObject([{ tenantId: "stuck", first: 1, isWatched: true }]);
    expect(await all(accounts.lastWrittenIn("2026-03-18T04"))).toEqual([]);

    await ledger.add([entry("stuck", "a", "2026-02-01T00")]);

    expect(await all(accounts.watched())).toEqual([]);
    expect(await all(accounts.lastWrittenIn("2026-03-18T04"))).toMatchObject([
      { tenantId: "stuck", first: 2 },
    ]);
  });

  it("is found nowhere when it is watched no more", async () => {
    const accounts = table.accounts();
    const { ledger, clock } = table.writer();
    clock.at = NOW_MS + 500 * HOUR_MS;
    await ledger.add([entry("settled", "a", "2026-02-01T00")]);
    const [settled] = await accounts.ofTenant("settled", { from: "2026", to: "2027" });

    await accounts.setWatched(settled as LedgerAccount, true);
    await accounts.setWatched(settled as LedgerAccount, false);

    expect(await all(accounts.watched())).toEqual([]);
    expect(await all(accounts.lastWrittenIn("2026-03-22T08"))).toEqual([]);
  });

  it("is not made of one that was written since it was read", async () => {
    const accounts = table.accounts();
    const { ledger, clock } = table.writer();
    clock.at = NOW_MS + 600 * HOUR_MS;
    await ledger.add([entry("alive", "a", "2026-02-01T00")]);
    const [alive] = await accounts.ofTenant("alive", { from: "2026", to: "2027" });
    clock.at += 1;
    await ledger.add([entry("alive", "a", "2026-02-01T00")]);

    await accounts.setWatched(alive as LedgerAccount, true);

    expect(await all(accounts.watched())).toEqual([]);
    expect(await all(accounts.lastWrittenIn("2026-03-26T12"))).toMatchObject([
      { tenantId: "alive", first: 2 },
    ]);
  });
});
