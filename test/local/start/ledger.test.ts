import { describe, expect, it } from "vitest";
import { type LedgerSummary, summariseLedger } from "../../../local/start/ledger.ts";
import type { LedgerEntry } from "../../../shared/core/ledger.ts";
import { HOUR_MS, NOW_MS } from "../../support/builders.ts";
import { FakeLedger } from "../../support/fake-stores.ts";

const hour = "2026-03-01T11";
const acme = { tenantId: "acme", feedId: "default", hour };

/** The summary of a run that ended at {@link NOW_MS}, one hour after it began. */
async function summaryOf(entries: readonly LedgerEntry[], mayBeInProgress = false): Promise<LedgerSummary> {
  const accounts = new FakeLedger();
  await accounts.add(entries);
  return summariseLedger(accounts, { fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS, mayBeInProgress });
}

describe("the ledger of a local run", () => {
  it("adds up each tenant's feeds and hours", async () => {
    const { byTenant, addsUp } = await summaryOf([
      { ...acme, first: 5, delivered: 4, filtered: 1 },
      { ...acme, feedId: "ios", first: 2, returned: 2 },
      { ...acme, feedId: "ios", again: 2, held: 2 },
      { ...acme, hour: "2026-02-01T00", first: 1, rejected: 1 },
      { hour, first: 1, rejected: 1 },
    ]);

    expect(addsUp).toBe(true);
    expect(byTenant).toEqual({
      "(unreadable)": {
        ...{ received: 1, delivered: 0, filtered: 0, rejected: 1, held: 0, inProgress: 0, addsUp: true },
      },
      acme: { received: 8, delivered: 4, filtered: 1, rejected: 1, held: 2, inProgress: 0, addsUp: true },
    });
  });

  it.each<{ what: string; entry: LedgerEntry; tenant: object }>([
    {
      what: "an event came that never left",
      entry: { ...acme, first: 2, delivered: 1 },
      tenant: { received: 2, delivered: 1, addsUp: false },
    },
    {
      what: "an event is in progress when the run is over",
      entry: { ...acme, first: 2, delivered: 1, returned: 1 },
      tenant: { received: 2, inProgress: 1, addsUp: false },
    },
  ])("does not add up when $what", async ({ entry, tenant }) => {
    const { byTenant, addsUp } = await summaryOf([entry, { ...acme, tenantId: "bolt", first: 1, held: 1 }]);

    expect(addsUp).toBe(false);
    expect(byTenant).toMatchObject({ acme: tenant, bolt: { addsUp: true } });
  });

  it("may have events in progress when the run was interrupted", async () => {
    const { addsUp } = await summaryOf([{ ...acme, first: 2, returned: 2 }], true);

    expect(addsUp).toBe(true);
  });

  it("is empty when nothing came", async () => {
    expect(await summaryOf([])).toEqual({ addsUp: true, byTenant: {} });
  });
});
