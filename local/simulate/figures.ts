import type { Account } from "./census.ts";
import { type Cost, costOf } from "./cost.ts";
import { PRODUCTION } from "./model.ts";
import type { FeedTraffic } from "./mparticle.ts";
import type { Run } from "./run.ts";

const FIRST_MINUTE = 60;

/** What a run came to. Shares are of 1. */
export interface Figures {
  readonly feeds: readonly FeedFigures[];
  readonly account: Account;
  /** Times that SQS handed a message out, by message on the queue: those that the connector put there itself count as such. */
  readonly receivesPerQueueMessage: number;
  readonly mostInFlight: number;
  readonly quiet: Latency;
  /** Messages of quiet tenants that were not delivered within a minute after the end. */
  readonly quietWaiting: number;
  readonly released: number;
  /** US dollars by service for a million events that were sent. */
  readonly costPerMillion: Cost;
  readonly invocations: number;
  readonly invocationP99Ms: number;
  /** Invocations that took longer than the function may: Lambda would have ended them, the simulation does not. */
  readonly overran: number;
  /** Writes of flow states that somebody else was faster than. */
  readonly lostRaces: number;
  /** Warnings and errors of the connector, by text. */
  readonly logged: Readonly<Record<string, number>>;
}

/** Of a feed that always has more than it takes. */
export interface FeedFigures {
  readonly name: string;
  /** Batches taken as a share of what mParticle's limit allows, in the first minute and after it. */
  readonly goodputFirstMinute: number;
  readonly goodput: number;
  /** Requests answered 429 as a share of all, from the beginning and after the first minute. */
  readonly throttledShare: number;
  readonly throttledShareAfterFirstMinute: number;
  /** Times that the events which were delivered had been handed out until then, on average; those that a release put back included. */
  readonly receivesPerMessage: number;
  /** Of its live events. */
  readonly latency: Latency;
}

export interface Latency {
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export function figuresOf(run: Run): Figures {
  const { plan, census, usage, queues, quietLatency, quietWaiting, invocations, release, table, logged } =
    run;
  const account = census.account();
  const { live, backfill } = queues;
  const handedOut = live.messagesHandedOut + backfill.messagesHandedOut;
  return {
    feeds: plan.feeds.flatMap((feed, tenant) => (feed.isSaturated ? [feedFigures(run, tenant)] : [])),
    account,
    receivesPerQueueMessage: (live.receives + backfill.receives) / Math.max(1, handedOut),
    mostInFlight: Math.max(live.mostInFlight, backfill.mostInFlight),
    quiet: latencyOf(quietLatency),
    quietWaiting,
    released: release.released,
    costPerMillion: costOf(usage, 1e6 / Math.max(1, account.sent)),
    invocations: invocations.count,
    invocationP99Ms: invocations.percentile(0.99) ?? 0,
    overran: invocations.countOver(PRODUCTION.timeoutMs),
    lostRaces: table.conflicts,
    logged: Object.fromEntries(logged),
  };
}

function feedFigures({ plan, mparticle, census, traffic, latencies }: Run, tenant: number): FeedFigures {
  const { name = "", limit = 1 } = plan.feeds[tenant] ?? {};
  const counts = mparticle.of(String(tenant));
  const end = Math.floor(plan.minutes * 60);
  const goodput = (from: number, to: number) =>
    sum(counts.taken, from, to) / (limit * Math.max(1, to - from));
  return {
    name,
    goodputFirstMinute: goodput(0, Math.min(FIRST_MINUTE, end)),
    goodput: goodput(FIRST_MINUTE, end),
    throttledShare: throttledShare(counts, 0, end),
    throttledShareAfterFirstMinute: throttledShare(counts, FIRST_MINUTE, end),
    receivesPerMessage: census.receivesOf(traffic.ranges[tenant] ?? []),
    latency: latencyOf(latencies[tenant]),
  };
}

function throttledShare({ requests, throttled }: FeedTraffic, from: number, to: number): number {
  return sum(throttled, from, to) / Math.max(1, sum(requests, from, to));
}

function latencyOf(samples: Run["quietLatency"] | undefined): Latency {
  return { p50Ms: samples?.percentile(0.5), p99Ms: samples?.percentile(0.99) };
}

function sum(counts: readonly number[], from: number, to: number): number {
  return counts.slice(from, to).reduce((all, count) => all + count, 0);
}
