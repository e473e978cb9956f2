import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectedEndings } from "../../../local/examples/expected-endings.ts";
import { formatSummary, type Summary } from "../../../local/start/summary.ts";
import { UsageError } from "../../../local/start/usage-error.ts";
import { message, NOW_MS, track } from "../../support/builders.ts";
import { file, folder, runWith } from "./support.ts";

const NOW = ["--now", new Date(NOW_MS).toISOString()];

const TENANTS = JSON.stringify([
  { tenantId: "acme", feeds: [{ feedId: "default", apiKey: "acme-key", apiSecret: "acme-secret" }] },
  { tenantId: "bolt", feeds: [{ feedId: "default", apiKey: "bolt-key", apiSecret: "bolt-secret" }] },
]);

/** The endings of the example messages, as the summary has them. */
function expectExampleEndings(summary: Summary): void {
  const { events, byTenant, withoutTenant } = expectedEndings;
  expect(summary.events).toEqual(events);
  expect(summary.byTenant).toMatchObject({ ...byTenant, "(unreadable)": withoutTenant });
  const reasons = Object.values(summary.byTenant).map((tenant) => tenant.reasons);
  expect(sumOf(reasons.map(({ filtered }) => filtered))).toEqual(expectedEndings.filteredByRule);
  expect(sumOf(reasons.map(({ rejected }) => rejected))).toEqual(expectedEndings.rejectedByReason);
  expect(sumOf(reasons.map(({ held }) => held))).toEqual({});
  expect(summary).toMatchObject({ duplicates: 0, dropped: 0 });
  expectLedgerOf(summary);
}

/** The ledger says of every tenant what the summary says, with nothing left in progress. */
function expectLedgerOf({ byTenant, ledger }: Summary): void {
  const expected = Object.entries(byTenant).map(([tenantId, tenant]) => {
    const { received, delivered, filtered, rejected, held } = tenant;
    return [tenantId, { received, delivered, filtered, rejected, held, inProgress: 0, addsUp: true }];
  });
  expect(ledger).toEqual({ addsUp: true, byTenant: Object.fromEntries(expected) });
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const one of counts)
    for (const [name, count] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

describe("a local run", () => {
  it("gives every bundled example the ending that it was written for", async () => {
    const dump = join(folder(), "dump.ndjson");

    const { summary, said } = await runWith("--dump", dump);

    expectExampleEndings(summary);
    const requests = readFileSync(dump, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(requests).toHaveLength(summary.requests);
    expect(new Set(requests.map(({ status }) => status))).toEqual(new Set([202]));
    for (const request of requests)
      expect(Object.keys(request)).toEqual(
        expect.arrayContaining(["at", "method", "path", "status", "apiKey", "bytes", "body"]),
      );
    expect(said.join("\n")).toContain("AWS_ENDPOINT_URL=");
  });

  it("gives them the same endings whatever mParticle does meanwhile", async () => {
    const { summary } = await runWith("--faults", "429:0.08,429-bare:0.02,503:0.05,500-after:0.05,reset:0.1");

    expectExampleEndings(summary);
  }, 120_000);

  it("gives them the same endings under a fixed clock and a low limit", async () => {
    const { summary } = await runWith(...NOW, "--limit", "40");

    expectExampleEndings(summary);
  });

  it("delivers given messages for given tenants, and counts bodies that cannot be read", async () => {
    const input = file(
      [
        message([track({ messageId: "a" }), { type: "row" }]),
        "",
        message([track({ messageId: "b" })], { tenantId: "bolt" }),
        message([track()], { tenantId: "nobody" }),
        "{cut off",
        '{"version":7}',
      ].join("\r\n"),
    );

    const { summary } = await runWith("--input", input, "--tenants", file(TENANTS), ...NOW);

    expect(summary).toEqual({
      events: { received: 6, delivered: 2, filtered: 0, rejected: 3, held: 1 },
      byTenant: {
        "(unreadable)": expect.objectContaining({
          received: 2,
          rejected: 2,
          reasons: { filtered: {}, rejected: { body_not_json: 1, message_invalid: 1 }, held: {} },
        }),
        acme: expect.objectContaining({ received: 2, delivered: 1, rejected: 1, live: 1, historical: 0 }),
        bolt: expect.objectContaining({ received: 1, delivered: 1, requests: 1, batches: 1 }),
        nobody: expect.objectContaining({ received: 1, held: 1, requests: 0 }),
      },
      requests: 2,
      batches: 2,
      duplicates: 0,
      dropped: 0,
      throttled: 0,
      retried: 0,
      seconds: expect.any(Number),
      ledger: expect.any(Object),
    });
    expectLedgerOf(summary);
  });

  it("ends at once when there is nothing to send", async () => {
    const { summary } = await runWith("--input", file("\n"), "--tenants", file(TENANTS));

    expect(summary.events).toEqual({ received: 0, delivered: 0, filtered: 0, rejected: 0, held: 0 });
    expect(formatSummary(summary)).toContain("tenant");
  });

  it("holds what is throttled for good, and ends", async () => {
    const input = file(message([track(), track()]));
    const args = [
      "--input",
      input,
      "--tenants",
      file(TENANTS),
      "--faults",
      "429-bare:1",
      "--hold-after",
      "1",
    ];

    const { summary } = await runWith(...args);

    expect(summary.events).toMatchObject({ received: 2, delivered: 0, held: 2 });
    expect(summary.byTenant["acme"]?.reasons.held).toEqual({ deferred_too_long: 2 });
    // Once more within the time that an invocation may wait.
    expect(summary.throttled).toBe(2);
    expectLedgerOf(summary);
  });

  it("tells people the same in a table", async () => {
    const input = file(message([track(), { type: "row" }]));

    const { summary } = await runWith("--input", input, "--tenants", file(TENANTS), ...NOW);

    const table = formatSummary(summary);
    const [head = "", row = ""] = table.split("\n").map((line) => line.trim());
    expect(head.split(/\s+/).slice(0, 6)).toEqual([
      "tenant",
      "received",
      "delivered",
      "filtered",
      "rejected",
      "held",
    ]);
    expect(row.split(/\s+/).slice(0, 6)).toEqual(["acme", "2", "1", "0", "1", "0"]);
    const [, ledger = ""] = table.split("\nledger");
    expect(
      ledger
        .split("\n")[0]
        ?.trim()
        .split(/\s{2,}/),
    ).toEqual([...["received", "delivered", "filtered", "rejected", "held", "in progress", "adds up"]]);
    expect(ledger.split("\n")[1]?.split(/\s+/)).toEqual(["acme", "2", "1", "0", "1", "0", "0", "yes"]);
    expect(table).toContain("rejected: 1 event_invalid");
    expect(table).toContain("no event twice");
  });

  it("logs no key, identity or content", async () => {
    const log = join(folder(), "log.ndjson");
    const events = [track({ userId: "CANARY", properties: { secret: "CANARY" } }), { type: "CANARY" }];
    const tenants = TENANTS.replaceAll("acme-key", "CANARY-key").replaceAll("acme-secret", "CANARY-secret");
    const args = ["--faults", "403:1", "--log", log];

    await runWith("--input", file(message(events)), "--tenants", file(tenants), ...args);

    const text = readFileSync(log, "utf8");
    expect(text).toContain("refused");
    expect(text).not.toContain("CANARY");
  });

  it.each([
    { what: "an input that is not there", args: () => ["--input", "/no/such/file"], names: "--input" },
    { what: "an input that is a folder", args: () => ["--input", folder()], names: "--input" },
    {
      what: "a file of tenants that is not there",
      args: () => ["--tenants", "/no/such"],
      names: "--tenants",
    },
    {
      what: "a file of tenants that is no JSON",
      args: () => ["--tenants", file("{CANARY")],
      names: "--tenants",
    },
    { what: "a file of tenants that is no list", args: () => ["--tenants", file("{}")], names: "--tenants" },
    { what: "a tenant without feeds", args: () => ["--tenants", file('[{"tenantId":"a"}]')], names: "[0]" },
    {
      what: "a tenant without an id",
      args: () => ["--tenants", file('[{"feeds":[]}]')],
      names: "tenantId",
    },
    {
      what: "a feed without a key",
      args: () => ["--tenants", file(TENANTS.replace('"apiKey":"acme-key",', ""))],
      names: "apiKey",
    },
    {
      what: "a feed of an unknown kind",
      args: () => ["--tenants", file(TENANTS.replace('"feedId"', '"kind":"CANARY","feedId"'))],
      names: "kind",
    },
    {
      what: "a setting of a feed that there is not",
      args: () => ["--tenants", file(TENANTS.replace('"apiKey"', '"dataplan":"CANARY","apiKey"'))],
      names: "[0].feeds[0]: dataplan is not documented",
    },
    {
      what: "a dump that cannot be written",
      args: () => ["--dump", "/no/such/folder/dump"],
      names: "--dump",
    },
  ])("refuses $what in one line", async ({ args, names }) => {
    const refusal = await runWith(...args()).catch((error) => error);

    expect(refusal).toBeInstanceOf(UsageError);
    expect(refusal.message).toContain(names);
    expect(refusal.message).not.toMatch(/\n|CANARY/);
  });
});
