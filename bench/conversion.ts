import { assembleFeeds } from "../functions/deliver-events/assemble-feeds.ts";
import type { DeliverDeps } from "../functions/deliver-events/deliver-records.ts";
import { readRecords } from "../functions/deliver-events/read-records.ts";
import { bodyOf } from "../functions/deliver-events/request-body.ts";
import { requestsOf } from "../functions/deliver-events/send-feed.ts";
import { fewestRequests } from "../shared/core/pack.ts";
import { parseFeed, parseTenant } from "../shared/core/validators.ts";
import { sampleBodies } from "./sample-events.ts";

/** Events of one pass: what a busy invocation takes at once. */
const WINDOW_EVENTS = 1_000;

const TENANT_ID = "bench";
const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
const TENANT = parseTenant({ tenantId: TENANT_ID });
const FEED = parseFeed({ feedId: "default", environment: "production", status: "active" });

/** Of all that delivering needs, reading and assembling use the tenants and the settings alone. */
const DEPS = {
  tenants: { find: async () => ({ tenant: TENANT, feeds: new Map([[FEED.feedId, FEED]]) }) },
  settings: { partnerIdentity: "Bench_Id" },
} as unknown as DeliverDeps;

export interface ConversionFigures {
  readonly events: number;
  /** CPU of the way from record bodies to request bodies, over the floor's; median of the rounds. */
  readonly cpuRatio: number;
  /** Requests over the fewest that the limits allow for the same batches. */
  readonly packingRatio: number;
  readonly eventsPerSecondPerCore: number;
  /** Microseconds of CPU. */
  readonly floorPerEvent: number;
  readonly connectorPerEvent: number;
  readonly batches: number;
  readonly requests: number;
  readonly bytesPerEvent: number;
}

/**
 * Measures parse, validate, convert, merge, check, pack and serialise against a floor that does none of it: JSON.parse of
 * the same record bodies and JSON.stringify of the finished batches.
 *
 * Window by window in turns, so that what disturbs the machine disturbs both and neither drags the other's memory along.
 */
export async function measureConversion(options: {
  events: number;
  eventsPerMessage: number;
  rounds: number;
}): Promise<ConversionFigures> {
  const bodies = sampleBodies({ ...options, tenantId: TENANT_ID, nowMs: NOW_MS, seed: 1 });
  const perWindow = Math.max(1, Math.floor(WINDOW_EVENTS / options.eventsPerMessage));
  const windows = Array.from({ length: Math.ceil(bodies.length / perWindow) }, (_, i) =>
    bodies.slice(i * perWindow, (i + 1) * perWindow),
  );

  for (let i = 0; i < WARM_UP_ROUNDS; i++) await measureRound(windows);
  const rounds: Round[] = [];
  for (let i = 0; i < options.rounds; i++) rounds.push(await measureRound(windows));
  const { batches = 0, requests = 0, fewest = 0 } = rounds[0] ?? {};
  const connectorMicros = median(rounds.map(({ connector }) => connector));
  return {
    events: options.events,
    cpuRatio: median(rounds.map(({ connector, floor }) => connector / floor)),
    packingRatio: requests / fewest,
    eventsPerSecondPerCore: Math.round((options.events / connectorMicros) * 1e6),
    floorPerEvent: median(rounds.map(({ floor }) => floor)) / options.events,
    connectorPerEvent: connectorMicros / options.events,
    batches,
    requests,
    bytesPerEvent: Math.round(
      bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / options.events,
    ),
  };
}

const WARM_UP_ROUNDS = 4;

interface Round {
  /** Microseconds of CPU. */
  floor: number;
  connector: number;
  batches: number;
  requests: number;
  fewest: number;
}

async function measureRound(windows: readonly (readonly string[])[]): Promise<Round> {
  const round: Round = { floor: 0, connector: 0, batches: 0, requests: 0, fewest: 0 };
  for (const window of windows) {
    const parsing = await cpuMicros(() => {
      for (const body of window) JSON.parse(body);
    });
    const connector = await cpuMicros(() => connectorPass(window));
    const finished = connector.result.requests.flatMap((body): unknown[] =>
      JSON.parse(body.toString("utf8")),
    );
    const serialising = await cpuMicros(() => {
      for (const batch of finished) JSON.stringify(batch);
    });
    round.floor += parsing.micros + serialising.micros;
    round.connector += connector.micros;
    round.batches += connector.result.batches;
    round.requests += connector.result.requests.length;
    round.fewest += connector.result.fewest;
  }
  return round;
}

/** The function's own code, from the bodies of one invocation to its request bodies. */
async function connectorPass(
  bodies: readonly string[],
): Promise<{ requests: Buffer[]; batches: number; fewest: number }> {
  const pass = await readRecords(
    bodies.map((body, i) => ({
      messageId: String(i),
      receiptHandle: "",
      body,
      receiveCount: 1,
      sentAtMs: NOW_MS,
    })),
    DEPS,
  );
  const ready = pass.feeds.map((feed) => ({
    ...feed,
    credentials: { apiKey: "", apiSecret: "", version: "" },
  }));
  const [assembled] = assembleFeeds(pass, ready, NOW_MS);
  if (!assembled || pass.items.some(({ ending }) => ending))
    throw new Error("Every sample event must be deliverable");
  const requests = requestsOf(assembled);
  return {
    requests: requests.map(bodyOf),
    batches: assembled.batches.length,
    fewest: fewestRequests(assembled.batches),
  };
}

async function cpuMicros<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ result: Result; micros: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, micros: user + system };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
