import { DEFAULT_FLOW_SETTINGS } from "../../shared/core/flow/flow-settings.ts";
import { parseFaults } from "../stand-in/faults.ts";
import type { FeedPlan, Plan, Stream } from "./plan.ts";
import type { Scenario, Sizes } from "./scenario.ts";

/** mParticle's usual limit, batches a second. */
const USUAL_LIMIT = 270;

/** The noisy tenant sends so many times as much as another one, beside its backlog. */
const NOISY_TIMES = 100;

/** An overloaded feed is sent so many times as much as it takes. */
const OVERLOAD = 10;

const LATENCY = "latency:20-200";

/**
 * Where a request is judged: on its way rather than at the end of it. So requests travel 4 to 40 ms, of which nothing is documented.
 */
const JUDGED_AT = 0.2;

export function scenariosOf(sizes: Sizes): readonly Scenario[] {
  const noisy = noisyPlan(sizes);
  const small = smallPlan(sizes);
  const overload = (limit: number, eventsPerBatch = 1): Plan => ({
    ...small,
    feeds: [overloaded(limit, { eventsPerBatch })],
  });
  const jitter: Plan["mparticle"] = { ...small.mparticle, judgedAt: 1 };
  const untold: Plan["mparticle"] = { ...small.mparticle, tellsUse: false };
  const faults = parseFaults(`503:0.02,timeout:0.005,reset:0.01,${LATENCY}`);
  return [
    {
      name: "noisy",
      about: `${sizes.tenants} quiet tenants and one with ${NOISY_TIMES} times as much and a backlog of ${sizes.backlog} events`,
      plan: noisy,
      twin: { ...noisy, feeds: [], withheld: 0 },
      compares: "quiet",
      isTarget: true,
    },
    ...[USUAL_LIMIT, 50, 1000].map((limit) => ({
      name: `overload-${limit}`,
      about: `a feed is sent ${OVERLOAD} times its limit of ${limit} batches a second`,
      plan: overload(limit),
      isTarget: true,
    })),
    {
      name: "overload-merged",
      about: "the same with 8 events of a user in each batch",
      plan: overload(USUAL_LIMIT, 8),
      isTarget: true,
    },
    {
      name: "jitter",
      about: "the same, and requests travel 20 to 200 ms until they are judged",
      plan: { ...overload(USUAL_LIMIT), mparticle: jitter },
      isTarget: false,
    },
    {
      name: "not-told",
      about: "the same, and no answer tells the share of the limit in use",
      plan: { ...overload(USUAL_LIMIT), mparticle: untold },
      isTarget: false,
    },
    {
      name: "faults",
      about: "the same with 2 % of 503, 1 % of resets and 0.5 % of time-outs",
      plan: { ...overload(USUAL_LIMIT), mparticle: { ...small.mparticle, faults } },
      isTarget: false,
    },
    backfill(small),
  ];
}

function noisyPlan({ seed, minutes, tenants, eventsPerMinute, backlog, withheld }: Sizes): Plan {
  const stream: Stream = {
    lane: "live",
    eventsPerMinute: (NOISY_TIMES * eventsPerMinute) / tenants,
    backlogEvents: backlog,
    // As publishEvents packs a long list of events, of which each user's come together.
    eventsPerMessage: 64,
    eventsPerBatch: 8,
  };
  return {
    seed,
    minutes,
    withheld,
    quiet: { tenants, eventsPerMinute, eventsPerMessage: 10, eventsPerBatch: 2 },
    feeds: [{ name: "noisy", limit: USUAL_LIMIT, isSaturated: true, streams: [stream] }],
    mparticle: { faults: parseFaults(LATENCY), judgedAt: JUDGED_AT, tellsUse: true },
    flow: DEFAULT_FLOW_SETTINGS,
  };
}

/** A few quiet tenants beside the feed that matters. */
function smallPlan(sizes: Sizes): Plan {
  const quiet = { tenants: 50, eventsPerMinute: 5_000, eventsPerMessage: 10, eventsPerBatch: 2 };
  return { ...noisyPlan(sizes), minutes: sizes.overloadMinutes, withheld: 0, quiet, feeds: [] };
}

function overloaded(limit: number, { eventsPerBatch }: { readonly eventsPerBatch: number }): FeedPlan {
  const stream: Stream = {
    lane: "live",
    eventsPerMinute: 60 * OVERLOAD * limit * eventsPerBatch,
    backlogEvents: 0,
    eventsPerMessage: 10 * eventsPerBatch,
    eventsPerBatch,
  };
  return { name: "overloaded", limit, isSaturated: true, streams: [stream] };
}

/** Live traffic at two fifths of the limit, and far more backfill than there is time for. */
function backfill(small: Plan): Scenario {
  const live: Stream = {
    lane: "live",
    eventsPerMinute: 60 * 0.4 * USUAL_LIMIT,
    backlogEvents: 0,
    eventsPerMessage: 10,
    eventsPerBatch: 1,
  };
  const old: Stream = {
    lane: "backfill",
    eventsPerMinute: 0,
    backlogEvents: 2_000_000,
    eventsPerMessage: 64,
    eventsPerBatch: 1,
  };
  const feed = { name: "backfilled", limit: USUAL_LIMIT, isSaturated: true };
  return {
    name: "backfill",
    about:
      "a feed with live traffic at 40 % of its limit and 2,000,000 events of backfill; the latency is that of the live traffic",
    plan: { ...small, feeds: [{ ...feed, streams: [live, old] }] },
    twin: { ...small, feeds: [{ ...feed, isSaturated: false, streams: [live] }] },
    compares: "feed",
    isTarget: false,
  };
}
