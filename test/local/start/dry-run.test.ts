import { describe, expect, it } from "vitest";
import { exampleMessages } from "../../../local/examples/examples.ts";
import { expectedEndings } from "../../../local/examples/expected-endings.ts";
import { type DryRun, dryRun } from "../../../local/start/dry-run.ts";
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

/** The document of a dry run. */
function documentOf(run: DryRun): Told {
  return dryRunDocument(run) as Told;
}

interface Told {
  readonly remarks: unknown[];
  readonly feeds: { readonly feedId: string; readonly events: { readonly ending: string }[] }[];
  readonly others: { readonly events: number }[];
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
    const { feeds, others } = documentOf(await dryRun(options()));

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

    expect(documentOf(run).feeds).toMatchObject([
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
    expect(formatDryRun(run, PLAIN)).toContain("ignored: A rule of the mapping says");
    expect(formatDryRun(run, PLAIN)).toContain("line 2: 1 event held: unknown_tenant");
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

    expect(documentOf(run)).toMatchObject({
      feeds: [
        {
          tenantId: "acme",
          feedId: "default",
          events: [
            { line: 2, ending: "delivered" },
            { line: 4, ending: "rejected", findings: [{ code: "row_field_missing" }] },
          ],
        },
      ],
      leftOut: 1,
      firstLeftOut: [{ line: 3, problem: "has not as many cells as the first line" }],
    });
    expect(formatDryRun(run, PLAIN)).toMatch(/line {2}message id[\s\S]+\nLine 3 has/);
  });

  it("counts findings in place of events where a summary is asked for", async () => {
    const run = await dryRun(rowOptions("--summary"));

    expect(formatDryRun(run, PLAIN)).toMatch(/\nrow_field_missing +error +1 +4 /);
    expect(formatDryRun(run, PLAIN)).not.toContain("message id");
    expect(dryRunDocument(run)).toMatchObject({
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

  it("takes rows as they are written, by standard input or a file of any name", async () => {
    const rows = file("customer_id;event_name\nc-1;Visit\nc-2;NULL\n");
    const args = ["--input", rows, "--tenants", file(ROW_TENANTS), "--rows", "visits"];

    const run = await dryRun(options(...args, "--format", "csv", "--delimiter", ";", "--null", "NULL"));

    expect(documentOf(run).feeds).toMatchObject([
      {
        events: [{ ending: "delivered" }, { ending: "rejected", findings: [{ code: "row_field_missing" }] }],
      },
    ]);
    expect(options("--input", "-", "--rows", "visits", "--format", "ndjson").rows).toMatchObject({
      file: "-",
      table: { format: "ndjson" },
    });
  });

  it("shows what came before a quote that is not closed, and where that is", async () => {
    const rows = file('customer_id,event_name\nc-1,Visit\nc-2,Visit\nc-3,"Visit', "visits.csv");

    const run = await dryRun(options("--input", rows, "--tenants", file(ROW_TENANTS), "--rows", "visits"));

    expect(documentOf(run)).toMatchObject({
      feeds: [{ events: [{ line: 2 }, { line: 3 }] }],
      brokenOff: "a quote that is not closed as CSV does begins after line 3: mend it",
    });
    expect(run.trouble).toBe("a quote that is not closed as CSV does begins after line 3: mend it");
  });

  it.each([
    ["", "visits.csv", ["--rows", "visits"], "there is no row in the input"],
    ["customer_id,event_name\n", "visits.csv", ["--rows", "visits"], "there is no row in the input"],
    ["\n\n", "messages.ndjson", [], "there is no message in the input"],
  ])("says that there is nothing in %j", async (content, name, args, trouble) => {
    const run = await dryRun(
      options("--input", file(content, name), "--tenants", file(ROW_TENANTS), ...args),
    );

    expect(run.trouble).toBe(trouble);
  });

  it("counts lines of messages as an editor does, and divides them at line feeds alone", async () => {
    const separated = message([track({ event: "line\u2028separated" })]);
    const input = file(["", separated, "", "no JSON\r"].join("\n"));

    const { feeds, others } = documentOf(await dryRun(options("--input", input, "--tenants", file(TENANTS))));

    expect(feeds).toMatchObject([{ events: [{ ending: "delivered" }] }]);
    expect(others).toMatchObject([{ line: 4, reason: "message_invalid" }]);
  });

  it("takes events of a feed some thousands at a time, and numbers them in the whole", async () => {
    const rows = Array.from({ length: 10_002 }, (_, i) => `c-${i},${i < 10_001 ? "Visit" : ""}`);
    const input = file(["customer_id,event_name", ...rows].join("\n"), "visits.csv");
    const args = ["--input", input, "--tenants", file(ROW_TENANTS), "--rows", "visits"];

    const whole = documentOf(await dryRun(options(...args))).feeds[0];
    const summary = documentOf(await dryRun(options(...args, "--summary"))).feeds[0];

    expect(whole?.events.at(-1)).toMatchObject({ line: 10_003, ending: "rejected" });
    expect(whole?.events.at(-2)).toMatchObject({ line: 10_002, ending: "delivered", batches: [10_000] });
    expect(summary).toMatchObject({
      events: { total: 10_002, delivered: 10_001, rejected: 1 },
      batches: { live: 10_001 },
      findings: [{ code: "row_field_missing", first: 10_003 }, {}],
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
    [["--rows", "m", "--input", "-", "--format", "tsv"]],
    [["--rows", "m", "--input", "rows.ndjson", "--delimiter", ";"]],
    [["--tenant", "acme"]],
    [["--feed", "ios"]],
    [["--delimiter", ";"]],
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
    expect(formatDryRun(run, PLAIN)).toBe(
      "acme/default: mapping/rules/1 is never reached: mapping/rules/0 names its events first\n",
    );
  });

  it.each([
    ["--watch"],
    ["--dump", "dump.ndjson"],
    ["--log", "log.ndjson"],
    ["--faults", "429:1"],
    ["--limit", "1"],
    ["--hold-after", "3"],
    ["--port", "4567"],
    ["--stand-in-port", "4567"],
    ["--api-port", "4567"],
    ["--api-token", "0123456789abcdef"],
  ])("has no use for %s, and says so", (...args) => {
    expect(() => options(...args)).toThrow(`--dry-run and ${args[0]} exclude each other`);
  });
});
