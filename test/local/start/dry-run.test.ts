import { describe, expect, it } from "vitest";
import { exampleMessages } from "../../../local/examples/examples.ts";
import { expectedEndings } from "../../../local/examples/expected-endings.ts";
import { dryRun } from "../../../local/start/dry-run.ts";
import { parseOptions, type StartOptions } from "../../../local/start/options.ts";
import { dryRunDocument, formatDryRun } from "../../../local/start/show-dry-run.ts";
import { UsageError } from "../../../local/start/usage-error.ts";
import { message, NOW_MS, track } from "../../support/builders.ts";
import { file } from "./support.ts";

const PLAIN = { width: undefined, paint: (_: unknown, text: string) => text };

function options(...args: string[]): StartOptions {
  const parsed = parseOptions(["--dry-run", "--now", new Date(NOW_MS).toISOString(), ...args]);
  if (parsed === "help") throw new Error("help");
  return parsed;
}

const TENANTS = JSON.stringify([
  {
    tenantId: "acme",
    feeds: [
      {
        feedId: "default",
        apiKey: "acme-key",
        apiSecret: "acme-secret",
        mapping: { rules: [{ event: { prefix: "debug" }, label: "no debugging", ignore: true }] },
      },
    ],
  },
]);

describe("a dry run", () => {
  it("tells of the bundled examples what their run makes of them, duplicates by invocation aside", async () => {
    const { feeds, others } = await dryRun(options());

    const endings = feeds.flatMap(({ events }) => events.map(({ ending }) => ending));
    const { events } = expectedEndings;
    expect(endings.length + others.reduce((sum, { events: count }) => sum + count, 0)).toBe(events.received);
    expect(endings.filter((ending) => ending === "delivered")).toHaveLength(events.delivered);
    expect(exampleMessages(NOW_MS).length).toBeGreaterThan(feeds.length);
  });

  it("names the rule, the batch, the route and why of each event", async () => {
    const input = file(
      [
        message([
          track({ event: "debug click" }),
          track({ event: "Order Completed", properties: { order_id: "o" } }),
        ]),
        message([track()], { tenantId: "stranger" }),
        message([track()], { feedId: "other" }),
        "no JSON",
      ].join("\n"),
    );
    const run = await dryRun(options("--input", input, "--tenants", file(TENANTS)));

    expect(run.feeds).toMatchObject([
      {
        tenantId: "acme",
        feedId: "default",
        mode: "auto",
        events: [
          {
            ending: "filtered",
            rule: "ignored",
            why: "A rule of the mapping says that such events are not sent.",
            mappingRule: "no debugging",
          },
          { ending: "delivered", mappingRule: "segment: order completed", batches: [0] },
        ],
        batches: [{ route: "live", reason: expect.any(String) }],
      },
    ]);
    expect(run.others).toEqual([
      { line: 2, ending: "held", reason: "unknown_tenant", events: 1 },
      { line: 3, ending: "held", reason: "unknown_feed", events: 1 },
      { line: 4, ending: "rejected", reason: "message_invalid", events: 1 },
    ]);
    expect(formatDryRun(run, { isSummary: false }, PLAIN)).toContain("ignored: A rule of the mapping says");
    expect(formatDryRun(run, { isSummary: false }, PLAIN)).toContain("line 2: 1 event held: unknown_tenant");
  });

  const ROW_TENANTS = JSON.stringify([
    {
      tenantId: "acme",
      feeds: [
        {
          feedId: "default",
          apiKey: "acme-key",
          apiSecret: "acme-secret",
          rows: { visits: { eventType: "custom_event", otherColumns: "drop" } },
        },
      ],
    },
  ]);
  const rowOptions = (...args: string[]) => {
    const csv = file("customer_id,event_name\nc-1,Visit\nc-2,Visit,3\nc-3,\n", "visits.csv");
    return options("--input", csv, "--tenants", file(ROW_TENANTS), "--rows", "visits", ...args);
  };

  it("takes a file of rows, and tells of its lines", async () => {
    const run = await dryRun(rowOptions());

    expect(run.feeds).toMatchObject([
      {
        tenantId: "acme",
        feedId: "default",
        lines: [2, 4],
        events: [{ ending: "delivered" }, { ending: "rejected", findings: [{ code: "row_field_missing" }] }],
      },
    ]);
    expect(run.unreadable).toEqual(["Line 3 has not as many cells as the first line: it is left out."]);
    expect(formatDryRun(run, { isSummary: false }, PLAIN)).toMatch(/line {2}message id[\s\S]+\nLine 3 has/);
  });

  it("counts findings in place of events where a summary is asked for", async () => {
    const run = await dryRun(rowOptions("--summary"));

    expect(formatDryRun(run, { isSummary: true }, PLAIN)).toMatch(/\nrow_field_missing +error +1 +4 /);
    expect(formatDryRun(run, { isSummary: true }, PLAIN)).not.toContain("message id");
    expect(dryRunDocument(run, { isSummary: true })).toMatchObject({
      feeds: [
        {
          events: { total: 2, rejected: 1 },
          findings: [
            { code: "row_field_missing", first: 4 },
            { code: "environment_development", first: 2 },
          ],
        },
      ],
    });
  });

  it.each([
    [["--tenant", "stranger"], "--tenant must be"],
    [["--feed", "ios"], "--feed: acme has no feed ios"],
  ])("knows only feeds that it is given: %j", async (args, said) => {
    await expect(dryRun(rowOptions(...args))).rejects.toThrow(said);
  });

  it.each([
    [["--rows", "m"]],
    [["--rows", "m", "--input", "-"]],
    [["--tenant", "acme"]],
    [["--feed", "ios"]],
  ])("has no use for %j alone", (args) => {
    expect(() => options(...args)).toThrow(UsageError);
  });

  it("remarks on settings that are surely not meant so", async () => {
    const tenants = JSON.parse(TENANTS);
    tenants[0].feeds[0].mapping.rules.unshift({});
    const run = await dryRun(options("--input", file(""), "--tenants", file(JSON.stringify(tenants))));

    expect(run.remarks).toEqual([
      {
        tenantId: "acme",
        feedId: "default",
        pointer: "/mapping/rules/1",
        code: "rule_unreached",
        message: "is never reached: /mapping/rules/0 names its events first",
      },
    ]);
    expect(formatDryRun(run, { isSummary: false }, PLAIN)).toBe(
      "acme/default: mapping/rules/1 is never reached: /mapping/rules/0 names its events first\n",
    );
  });

  it.each([["--watch"], ["--dump", "dump.ndjson"], ["--faults", "429:1"], ["--limit", "1"]])(
    "has no use for %s",
    (...args) => {
      expect(() => options(...args)).toThrow(UsageError);
    },
  );
});
