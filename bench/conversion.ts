import { assembleFeeds } from "../functions/deliver-events/assemble-feeds.ts";
import type { DeliverDeps } from "../functions/deliver-events/deliver-records.ts";
import { bodyOf } from "../functions/deliver-events/feed-sender.ts";
import { readRecords } from "../functions/deliver-events/read-records.ts";
import { requestsOf } from "../functions/deliver-events/send-feeds.ts";
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
 * the same record bodies and JSON.stringify of the finished request bodies.
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

  const outcome = await Promise.all(windows.map((window) => connectorPass(window)));
  const finished = outcome.flatMap(({ requests }) =>
    requests.map((body): unknown => JSON.parse(body.toString("utf8"))),
  );
  const requests = finished.length;
  const batches = outcome.reduce((sum, pass) => sum + pass.batches, 0);

  const floor = async () => {
    for (const body of bodies) JSON.parse(body);
    for (const request of finished) JSON.stringify(request);
  };
  const connector = async () => {
    for (const window of windows) await connectorPass(window);
  };
  // Both warm, then in turns: what disturbs the machine disturbs both.
  for (let i = 0; i < 3; i++) {
    await floor();
    await connector();
  }
  const rounds: { floor: number; connector: number }[] = [];
  for (let i = 0; i < options.rounds; i++) {
    rounds.push({ floor: await cpuMicros(floor), connector: await cpuMicros(connector) });
  }
  const floorMicros = median(rounds.map((round) => round.floor));
  const connectorMicros = median(rounds.map((round) => round.connector));
  return {
    events: options.events,
    cpuRatio: median(rounds.map((round) => round.connector / round.floor)),
    packingRatio: requests / outcome.reduce((sum, pass) => sum + pass.fewest, 0),
    eventsPerSecondPerCore: Math.round((options.events / connectorMicros) * 1e6),
    floorPerEvent: floorMicros / options.events,
    connectorPerEvent: connectorMicros / options.events,
    batches,
    requests,
    bytesPerEvent: Math.round(
      bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / options.events,
    ),
  };
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

async function cpuMicros(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
