import { type Cost, totalOf } from "./cost.ts";
import type { Result } from "./run-scenario.ts";

/** The figures that targets speak of, the worst of all scenarios that they speak of. */
export interface Summary {
  readonly seed: number;
  /** Of the saturated feeds, after the first minute. */
  readonly goodput: number;
  readonly goodputFirstMinute: number;
  /** Of the saturated feeds' requests, the first minute included. */
  readonly throttledShare: number;
  /** Until an event was delivered, releases included. */
  readonly receivesPerMessage: number;
  readonly mostInFlight: number;
  readonly quietP50Ms: number | undefined;
  readonly quietP99Ms: number | undefined;
  readonly quietP99Ratio: number | undefined;
  /** Of all scenarios and their twins. */
  readonly lost: number;
  readonly doubled: number;
  /** US dollars for a million events, without a noisy neighbour and with. */
  readonly costPerMillionEvents: number | undefined;
  readonly costPerMillionEventsWithBacklog: number | undefined;
  readonly costByService: Cost | undefined;
  readonly scenarios: readonly Result[];
}

export function summaryOf(seed: number, results: readonly Result[]): Summary {
  const feeds = results.filter(({ isTarget }) => isTarget).flatMap((result) => result.feeds);
  const accounts = results.flatMap(({ account, twinAccount }) =>
    twinAccount ? [account, twinAccount] : [account],
  );
  const noisy = results.find(({ name }) => name === "noisy");
  return {
    seed,
    goodput: Math.min(...feeds.map((feed) => feed.goodput)),
    goodputFirstMinute: Math.min(...feeds.map((feed) => feed.goodputFirstMinute)),
    throttledShare: Math.max(...feeds.map((feed) => feed.throttledShare)),
    receivesPerMessage: Math.max(...feeds.map((feed) => feed.receivesPerMessage)),
    mostInFlight: Math.max(...results.map(({ mostInFlight }) => mostInFlight)),
    quietP50Ms: noisy?.quiet.p50Ms,
    quietP99Ms: noisy?.quiet.p99Ms,
    quietP99Ratio: noisy?.compared?.p99Ratio,
    lost: accounts.reduce((sum, { lost }) => sum + lost, 0),
    doubled: accounts.reduce((sum, { doubled }) => sum + doubled, 0),
    costPerMillionEvents: noisy?.twinCostPerMillion && totalOf(noisy.twinCostPerMillion),
    costPerMillionEventsWithBacklog: noisy && totalOf(noisy.costPerMillion),
    costByService: noisy?.twinCostPerMillion,
    scenarios: results,
  };
}

/** As one JSON document; numbers with four digits behind the point. */
export function toJson(summary: Summary): string {
  return JSON.stringify(summary, (_, value) =>
    typeof value === "number" ? Math.round(value * 10_000) / 10_000 : value,
  );
}
