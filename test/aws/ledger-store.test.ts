import { describe, expect, it } from "vitest";
import { type LedgerEntry, sumColumns } from "../../shared/core/ledger.ts";
import { NOW_MS } from "../support/builders.ts";
import { type Failure, useLedgerTable } from "./ledger-table.ts";

const table = useLedgerTable();

const HOUR = "2026-03-01T11";
const entry = (tenantId: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  tenantId,
  feedId: "default",
  hour: HOUR,
  ...over,
});

/** The columns of the only account that a tenant has. */
async function columnsOf(tenantId: string) {
  const [account] = await table.accounts().ofTenant(tenantId, { from: "2026", to: "2027" });
  return account && sumColumns([account]);
}

describe("adding to the ledger", () => {
  it("adds up in an account what several instances add", async () => {
    const [one, two] = [table.writer("one"), table.writer("two")];

    await Promise.all([
      one.ledger.add([entry("sum", { first: 3, delivered: 2, returned: 1 })]),
      two.ledger.add([entry("sum", { again: 1, held: 1 })]),
    ]);
    await one.ledger.add([entry("sum", { released: 1, returned: 1 })]);

    expect(await columnsOf("sum")).toEqual(
      sumColumns([{ first: 3, again: 1, delivered: 2, held: 1, returned: 2, released: 1 }]),
    );
  });

  it("makes one write for each account, and none for no entries", async () => {
    const { ledger, updates } = table.writer();

    await ledger.add([]);
    await ledger.add([
      entry("few", { first: 2, delivered: 2 }),
      entry("few", { hour: "2026-03-01T12", first: 1, held: 1 }),
      entry("few", { feedId: undefined, first: 1, rejected: 1 }),
      entry("few", { first: 1, filtered: 1 }),
    ]);

    expect(updates.sort()).toEqual([
      "ledger##2026-03-01T11",
      "ledger#default#2026-03-01T11",
      "ledger#default#2026-03-01T12",
    ]);
  });

  it("keeps an account for 90 days after its hour", async () => {
    const { ledger } = table.writer();

    await ledger.add([entry("kept", { first: 1, delivered: 1 })]);

    expect(await table.item(entry("kept"))).toEqual({
      pk: "tenant#kept",
      sk: "ledger#default#2026-03-01T11",
      first: 1,
      delivered: 1,
      expiresAt: Date.parse("2026-05-30T11:00:00Z") / 1000,
      writtenAtMs: NOW_MS,
      writtenIn: "2026-03-01T12",
      w_one: 1,
    });
  });

  it("has accounts for bodies that name no tenant", async () => {
    const { ledger } = table.writer();

    await ledger.add([{ hour: HOUR, first: 2, rejected: 2 }]);

    expect(await table.accounts().ofTenant(undefined, { from: HOUR, to: HOUR })).toMatchObject([
      { tenantId: undefined, feedId: undefined, hour: HOUR, first: 2, rejected: 2 },
    ]);
  });

  it("takes back what was received under no feed", async () => {
    const { ledger } = table.writer();

    await ledger.add([entry("back", { first: 2, held: 2 })]);
    await ledger.add([entry("back", { first: -2, released: 2 })]);

    expect(await columnsOf("back")).toEqual(sumColumns([{ held: 2, released: 2 }]));
  });

  it("writes many accounts at once, but no more than there are connections for", async () => {
    const { ledger, peak } = table.writer();
    const feeds = Array.from({ length: 100 }, (_, i) =>
      entry("many", { feedId: `f${i}`, first: 1, held: 1 }),
    );

    await ledger.add(feeds);

    expect(await table.accounts().ofTenant("many", { from: HOUR, to: HOUR })).toHaveLength(100);
    expect(peak.underWay).toBeLessThanOrEqual(32);
  });
});

describe("a write to the ledger that failed", () => {
  it.each<{ failures: Failure[]; waiting: number[] }>([
    { failures: ["refused"], waiting: [1, 0] },
    { failures: ["refused", "refused"], waiting: [1, 1, 0] },
    { failures: ["answer lost"], waiting: [1, 0] },
    { failures: ["refused", "answer lost", "refused"], waiting: [1, 1, 1, 0] },
  ])("is made up for with the next one, and done once: $failures", async ({ failures, waiting }) => {
    const tenantId = `once-${failures.join("-").replaceAll(" ", "-")}`;
    const { ledger } = table.writer("one", [...failures]);
    const later = [{ again: 2, returned: 2 }, { again: 2, delivered: 2 }, {}].slice(0, waiting.length - 1);

    const waited: number[] = [(await ledger.add([entry(tenantId, { first: 2, returned: 2 })])).length];
    for (const columns of later) waited.push((await ledger.add([entry(tenantId, columns)])).length);

    expect(waited).toEqual(waiting);
    expect(await columnsOf(tenantId)).toEqual(sumColumns([{ first: 2, returned: 2 }, ...later]));
  });

  it("does not hinder what another instance writes meanwhile", async () => {
    const [one, two] = [table.writer("one", ["answer lost"]), table.writer("two")];

    await one.ledger.add([entry("both", { first: 1, delivered: 1 })]);
    await two.ledger.add([entry("both", { first: 5, delivered: 5 })]);
    await one.ledger.add([entry("both", { first: 1, delivered: 1 })]);

    expect(await columnsOf("both")).toEqual(sumColumns([{ first: 7, delivered: 7 }]));
  });

  it("is logged by ids, without what the error says", async () => {
    const { ledger, log } = table.writer("one", ["refused"]);

    await ledger.add([entry("logged", { first: 1, delivered: 1 })]);

    expect(log.lines).toMatchObject([
      { level: "error", fields: { tenantId: "logged", feedId: "default", hour: HOUR } },
      { level: "warn", fields: { accounts: 1 } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain("CANARY");
  });

  it("is done once when several invocations of one process add to the same account", async () => {
    const failures: Failure[] = ["answer lost", "refused", "answer lost", "refused"];
    const { ledger } = table.writer("one", failures);

    await Promise.all(
      Array.from({ length: 8 }, () => ledger.add([entry("busy", { first: 1, delivered: 1 })])),
    );
    while ((await ledger.add([])).length > 0);

    expect(await columnsOf("busy")).toEqual(sumColumns([{ first: 8, delivered: 8 }]));
  });

  it("ends a call after a few, and leaves the rest to the next", async () => {
    const { ledger, updates } = table.writer("one", Array(100).fill("refused"));
    const feeds = Array.from({ length: 100 }, (_, i) =>
      entry("down", { feedId: `f${i}`, first: 1, held: 1 }),
    );

    const waiting = await ledger.add(feeds);

    expect(waiting).toHaveLength(100);
    expect(updates.length).toBeLessThan(50);
  });

  it("does not keep the others from their turn", async () => {
    const { ledger, updates } = table.writer("one", Array(100).fill("refused"));
    const feeds = Array.from({ length: 100 }, (_, i) =>
      entry("turns", { feedId: `f${i}`, first: 1, held: 1 }),
    );

    await ledger.add(feeds);
    for (let call = 0; call < 3; call++) await ledger.add([]);

    expect(new Set(updates).size).toBe(100);
  });

  it("begins no write that there is no time for, and does it next time", async () => {
    const { ledger, updates } = table.writer();

    const waiting = await ledger.add([entry("late", { first: 1, delivered: 1 })], () => false);

    expect([waiting.length, updates.length]).toEqual([1, 0]);
    expect(await ledger.add([])).toEqual([]);
    expect(await columnsOf("late")).toEqual(sumColumns([{ first: 1, delivered: 1 }]));
  });
});
