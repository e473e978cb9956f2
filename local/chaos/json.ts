import type { ComparedResult } from "./run-all.ts";

/** What `--json` prints. */
export function toJson(seed: number, results: readonly ComparedResult[]): object {
  return {
    seed,
    scenarios: results.map(({ account, quiet, problems, about: _, ...result }) => {
      const { doubledIds: _doubled, parkedTooIds: _parked, lostIds, astray, ...counts } = account;
      return {
        name: result.name,
        ok: problems.length === 0,
        ...counts,
        deliveredOnce: counts.delivered - counts.doubled,
        astray: astray.length,
        ...rounded(result),
        quietP50Ms: round(quiet.p50Ms),
        quietP99Ms: round(quiet.p99Ms),
        lostIds: lostIds.slice(0, 20),
        problems,
      };
    }),
  };
}

function rounded(values: Readonly<Record<string, unknown>> | object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? round(value) : value]),
  );
}

/** Four digits behind the point: shares of requests need them. */
function round(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10_000) / 10_000;
}
