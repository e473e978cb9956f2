import { NOT_INCLUDED } from "./prices.ts";
import type { Result } from "./run-scenario.ts";
import type { Summary } from "./summary.ts";

const COLUMNS: readonly (readonly [title: string, cell: (result: Result) => string])[] = [
  ["goodput", ({ feeds }) => feeds.map((feed) => percent(feed.goodput)).join(" ")],
  ["first minute", ({ feeds }) => feeds.map((feed) => percent(feed.goodputFirstMinute)).join(" ")],
  ["429", ({ feeds }) => feeds.map((feed) => percent(feed.throttledShare, 2)).join(" ")],
  ["later", ({ feeds }) => feeds.map((feed) => percent(feed.throttledShareAfterFirstMinute, 2)).join(" ")],
  ["receives", ({ feeds }) => feeds.map((feed) => feed.receivesPerMessage.toFixed(2)).join(" ")],
  ["a message", ({ receivesPerQueueMessage }) => receivesPerQueueMessage.toFixed(2)],
  ["in flight", ({ mostInFlight }) => String(mostInFlight)],
  ["p50", ({ compared, quiet }) => seconds((compared?.disturbed ?? quiet).p50Ms)],
  ["p99", ({ compared, quiet }) => seconds((compared?.disturbed ?? quiet).p99Ms)],
  ["alone", ({ compared }) => seconds(compared?.alone.p99Ms)],
  ["ratio", ({ compared }) => compared?.p99Ratio.toFixed(2) ?? "-"],
  ["sent", ({ account }) => String(account.sent)],
  ["delivered", ({ account }) => String(account.delivered)],
  ["queued", ({ account }) => String(account.queued)],
  ["held", ({ account }) => String(account.held)],
  ["lost", ({ account }) => String(account.lost)],
  ["doubled", ({ account }) => String(account.doubled)],
];

/** What the scenarios came to, as a table for people. */
export function formatReport({ scenarios, ...summary }: Summary): string {
  const rows = [
    ["scenario", ...COLUMNS.map(([title]) => title)],
    ...scenarios.map((result) => [
      `${result.name}${result.isTarget ? " *" : ""}`,
      ...COLUMNS.map(([, cell]) => cell(result)),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const overran = scenarios.filter((result) => result.overran > 0);
  return [
    ...lines,
    "",
    ...overran.map(
      ({ name, overran: count }) => `${name}: ${count} invocations took longer than Lambda lets them`,
    ),
    ...scenarios.flatMap(({ name, logged }) =>
      Object.entries(logged).map(([text, count]) => `${name}: ${count} times: ${text}`),
    ),
    ...costLines(summary),
    LEGEND,
  ].join("\n");
}

function costLines(summary: Omit<Summary, "scenarios">): string[] {
  const { costByService, costPerMillionEvents, costPerMillionEventsWithBacklog } = summary;
  if (!costByService || costPerMillionEvents === undefined) return [];
  const parts = Object.entries(costByService).map(([service, dollars]) => `${service} ${dollars.toFixed(3)}`);
  return [
    `AWS, US dollars for a million events without the noisy neighbour: ${costPerMillionEvents.toFixed(2)} (${parts.join(", ")})`,
    `with it and its backlog: ${costPerMillionEventsWithBacklog?.toFixed(2)} for a million events sent`,
    `not included: ${NOT_INCLUDED}`,
  ];
}

function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(1)} s`;
}

const LEGEND = `
* the targets speak of these.
goodput: batches that mParticle took after the first minute, as a share of the feed's limit. 429: share of its requests, from the beginning
and after the first minute. receives: times that its events were handed out until they were delivered, releases included; a message: times
that any message on a queue was. p50, p99: from sending to being taken, of quiet tenants (backfill: of the live traffic); alone, ratio: in the
same run without the noisy neighbour or the backfill. lost: events that were sent and are found nowhere.
`;
