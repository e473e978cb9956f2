import { describe, expect, it } from "vitest";
import { exampleMessages } from "../../../local/examples/examples.ts";
import { expectedEndings } from "../../../local/examples/expected-endings.ts";
import { dryRun, formatDryRun } from "../../../local/start/dry-run.ts";
import { parseOptions, type StartOptions } from "../../../local/start/options.ts";
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
  it("tells of the bundled examples what their run makes of them, duplicates by invocation aside", () => {
    const { feeds, others } = dryRun(options());

    const endings = feeds.flatMap(({ events }) => events.map(({ ending }) => ending));
    const { events } = expectedEndings;
    expect(endings.length + others.reduce((sum, { events: count }) => sum + count, 0)).toBe(events.received);
    expect(endings.filter((ending) => ending === "delivered")).toHaveLength(events.delivered);
    expect(exampleMessages(NOW_MS).length).toBeGreaterThan(feeds.length);
  });

  it("names the rule, the batch, the route and why of each event", () => {
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
    const run = dryRun(options("--input", input, "--tenants", file(TENANTS)));

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
    expect(formatDryRun(run, PLAIN)).toContain("ignored: A rule of the mapping says");
    expect(formatDryRun(run, PLAIN)).toContain("line 2: 1 event held: unknown_tenant");
  });

  it.each([["--watch"], ["--dump", "dump.ndjson"], ["--faults", "429:1"], ["--limit", "1"]])(
    "has no use for %s",
    (...args) => {
      expect(() => options(...args)).toThrow(UsageError);
    },
  );
});
