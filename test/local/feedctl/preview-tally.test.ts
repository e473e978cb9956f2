import { expect, it } from "vitest";
import { PreviewTally } from "../../../local/feedctl/preview-tally.ts";
import type { PreviewAnswer } from "../../../shared/api/preview.schema.ts";

type Event = PreviewAnswer["events"][number];
type Finding = Event["findings"][number];

const found = (code: string, severity: string, path: string, message = `about ${path}`): Finding => ({
  code,
  severity,
  path,
  message,
  documentation: `docs/findings.md#${code}`,
});
const event = (findings: Finding[] = [], batches: number[] = []): Event => ({
  ending: "delivered",
  batches,
  findings,
});
const batch = (findings: Finding[] = []): PreviewAnswer["batches"][number] => ({
  route: "live",
  reason: "young",
  bytes: 1,
  events: 1,
  batch: {},
  findings,
});

it("counts events by code, once each, those of their batches too, errors first", () => {
  const tally = new PreviewTally();
  const cut = (path: string) => found("list_cut", "warning", path);

  tally.add({
    events: [event([cut("a[0].b"), cut("a[1].b"), cut("c")], [0]), event([], [0]), event([], [1])],
    batches: [batch([found("identity_weak", "warning", "", "nobody")]), batch()],
  });
  tally.add({
    events: [
      { ...event([found("event_invalid", "error", "userId")]), ending: "rejected" },
      event([cut("c")], [0]),
    ],
    batches: [{ ...batch(), route: "historical" }],
  });

  expect(tally.summary()).toEqual({
    events: { total: 5, delivered: 4, filtered: 0, rejected: 1 },
    batches: { live: 2, historical: 1 },
    filtered: [],
    findings: [
      {
        code: "event_invalid",
        severity: "error",
        events: 1,
        first: 4,
        places: [{ path: "userId", events: 1 }],
        message: "about userId",
        documentation: "docs/findings.md#event_invalid",
      },
      {
        code: "list_cut",
        severity: "warning",
        events: 2,
        first: 1,
        places: [
          { path: "c", events: 2 },
          { path: "a[].b", events: 1 },
        ],
        message: "about a[0].b",
        documentation: "docs/findings.md#list_cut",
      },
      {
        code: "identity_weak",
        severity: "warning",
        events: 2,
        first: 1,
        places: [],
        message: "nobody",
        documentation: "docs/findings.md#identity_weak",
      },
    ],
  });
});

it("counts what is said of an event in a batch for the event that it was made of", () => {
  const tally = new PreviewTally();
  const inside = (messageId: string) => ({ data: { source_message_id: messageId } });
  const findings = [
    found("name_holds_id", "warning", "events[0].data.event_name"),
    found("name_near_limit", "info", "events[2].data.event_name"),
    found("identity_weak", "warning", ""),
  ];

  tally.add({
    events: ["a", "b", "c"].map((messageId) => ({ ...event([], [0]), messageId })),
    batches: [{ ...batch(findings), batch: { events: [inside("c"), inside("a"), inside("unknown")] } }],
  });

  expect(tally.summary().findings.map(({ code, events, first }) => [code, events, first])).toEqual([
    ["identity_weak", 3, 1],
    ["name_holds_id", 1, 3],
    ["name_near_limit", 3, 1],
  ]);
});

it("counts what filters by rule, and tells the first by its line where there are lines", () => {
  const tally = new PreviewTally();
  const filtered = (rule: string): Event => ({ ...event(), ending: "filtered", rule, why: `by ${rule}` });

  tally.add({ events: [filtered("a"), filtered("b"), filtered("b")], batches: [] }, [2, 3, 4]);
  tally.add({ events: [event([found("x", "info", "")])], batches: [] }, [9]);

  const { filtered: counts, findings } = tally.summary();
  expect(counts).toEqual([
    { rule: "b", events: 2, why: "by b" },
    { rule: "a", events: 1, why: "by a" },
  ]);
  expect(findings).toMatchObject([{ code: "x", first: 9 }]);
});

it("keeps the places that it met first where there are too many, and counts all events", () => {
  const tally = new PreviewTally();

  for (let i = 0; i < 1_500; i++)
    tally.add({ events: [event([found("x", "info", `p${i}`), found("x", "info", "last")])], batches: [] });

  expect(tally.summary().findings).toMatchObject([
    { events: 1_500, places: [{ path: "last", events: 1_500 }, { events: 1 }, { events: 1 }] },
  ]);
});
