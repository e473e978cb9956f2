import type { ComparedResult } from "./run-all.ts";

/** Quiet tenants' p99 may be this much longer than in the same run without the fault. Reported, and no reason to fail. */
const QUIET_P99_TARGET = 1.2;

const COLUMNS: readonly (readonly [title: string, cell: (result: ComparedResult) => string])[] = [
  ["sent", ({ account }) => String(account.sent)],
  ["delivered", ({ account }) => String(account.delivered)],
  ["filtered", ({ account }) => String(account.filtered)],
  ["rejected", ({ account }) => String(account.rejected)],
  ["held", ({ account }) => String(account.held)],
  ["lost", ({ account }) => String(account.lost)],
  ["doubled", ({ account }) => `${account.doubledBefore} > ${account.doubled}`],
  ["receives", ({ receivesPerMessage }) => receivesPerMessage.toFixed(2)],
  ["429", ({ throttledShare }) => `${(100 * throttledShare).toFixed(1)} %`],
  ["quiet p50", ({ quiet }) => milliseconds(quiet.p50Ms)],
  ["p99", ({ quiet }) => milliseconds(quiet.p99Ms)],
  ["ratio", quietRatio],
  ["seconds", ({ seconds }) => seconds.toFixed(1)],
  ["", ({ problems }) => (problems.length === 0 ? "ok" : "FAILED")],
];

/** Results as a table for people, with what is to be said about each below. */
export function formatTable(results: readonly ComparedResult[]): string {
  const rows = [
    ["scenario", ...COLUMNS.map(([title]) => title)],
    ...results.map((result) => [result.name, ...COLUMNS.map(([, cell]) => cell(result))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", ...results.flatMap(formatRemarks), LEGEND].join("\n");
}

export function formatRemarks(result: ComparedResult): string[] {
  const { name, problems, notes, crashes, failedInvocations } = result;
  return [
    ...problems.map((problem) => `${name}: FAILED, ${problem}`),
    ...notes.map((note) => `${name}: ${note}`),
    ...(crashes > 0 ? [`${name}: ${crashes} workers ended by themselves`] : []),
    ...(failedInvocations > 0 ? [`${name}: ${failedInvocations} invocations threw or timed out`] : []),
    ...((result.quietP99Ratio ?? 0) > QUIET_P99_TARGET
      ? [`${name}: quiet tenants' p99 is over the target of ${QUIET_P99_TARGET} times`]
      : []),
  ];
}

function quietRatio({ quietP99Ratio }: ComparedResult): string {
  return quietP99Ratio === undefined ? "-" : quietP99Ratio.toFixed(2);
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${Math.round(ms)} ms`;
}

const LEGEND = `
doubled: events that came to mParticle more than once > that it counted more than once after its own de-duplication.
receives: records that invocations were handed, by message that was published; what the connector itself sends counts too.
429: share of requests. quiet p50, p99: from publishing to being taken, in real time, for the tenants with little traffic; ratio: their p99
over that of the same run without the fault, where the fault hits the busy tenant only.
In virtual time, clocks, caches, limits and delays on the queue run 20 to 120 times as fast, and request time-outs do not.
`;
