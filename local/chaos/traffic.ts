import type { Expected } from "./account.ts";

/** What the partner platform publishes: one tenant with much to say, and some with little. */
export interface Traffic {
  readonly seconds: number;
  readonly busy: Stream;
  readonly quiet: Stream & { readonly tenants: number };
}

/** What one tenant publishes. */
export interface Stream {
  readonly publishesPerSecond: number;
  readonly eventsPerPublish: number;
  readonly users: number;
}

/** About 120 events a second of the busy tenant and 32 of the eight quiet ones together. */
export const USUAL_TRAFFIC: Traffic = {
  seconds: 5,
  busy: { publishesPerSecond: 8, eventsPerPublish: 15, users: 60 },
  quiet: { tenants: 8, publishesPerSecond: 4, eventsPerPublish: 1, users: 5 },
};

export const BUSY_TENANT = "busy";
const QUIET = "quiet-";
export const isQuiet = (tenantId: string) => tenantId.startsWith(QUIET);
export const quietTenants = ({ quiet }: Traffic) =>
  Array.from({ length: quiet.tenants }, (_, i) => `${QUIET}${i + 1}`);

export interface PlannedEvent {
  readonly id: string;
  readonly expected: Expected;
  readonly event: object;
}

export interface Publish {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly tenantId: string;
  readonly events: readonly PlannedEvent[];
}

/** Everything that will be published, in order of time. The same draws give the same plan. */
export function planTraffic(traffic: Traffic, random: () => number, nowMs: () => number): Publish[] {
  const plan = [
    ...planStream(traffic.busy, BUSY_TENANT, traffic.seconds, random, nowMs),
    ...quietTenants(traffic).flatMap((tenantId) =>
      planStream(traffic.quiet, tenantId, traffic.seconds, random, nowMs),
    ),
  ];
  return plan.sort((a, b) => a.atMs - b.atMs);
}

function planStream(
  { publishesPerSecond, eventsPerPublish, users }: Stream,
  tenantId: string,
  seconds: number,
  random: () => number,
  nowMs: () => number,
): Publish[] {
  return Array.from({ length: Math.round(publishesPerSecond * seconds) }, (_, i) => ({
    atMs: ((i + random()) / publishesPerSecond) * 1000,
    tenantId,
    events: Array.from({ length: eventsPerPublish }, (_, j) =>
      planEvent(`${tenantId}-${i}-${j}`, { tenantId, user: Math.floor(random() * users), random, nowMs }),
    ),
  }));
}

const DAY_MS = 86_400_000;
const PAGES = ["Pricing", "Home", "Spring collection", "Help"];

function planEvent(
  id: string,
  {
    tenantId,
    user,
    random,
    nowMs,
  }: { tenantId: string; user: number; random: () => number; nowMs: () => number },
): PlannedEvent {
  const kind = random();
  const page = PAGES[Math.floor(random() * PAGES.length)];
  const common = {
    messageId: id,
    timestamp: new Date(nowMs() - 1000).toISOString(),
    userId: `${tenantId}-user-${user}`,
    properties: { page, price: Math.round(random() * 10_000) / 100, list: "spring", position: user },
  };
  if (kind < 0.03) return { id, expected: "rejected", event: { ...common, type: "row", model: "m" } };
  const track = { ...common, type: "track", event: "Product Viewed" };
  if (kind < 0.06)
    return { id, expected: "filtered", event: { ...track, integrations: { mParticle: false } } };
  if (kind < 0.1) {
    const timestamp = new Date(nowMs() - 40 * DAY_MS).toISOString();
    return { id, expected: "delivered", event: { ...track, timestamp } };
  }
  if (kind < 0.4) return { id, expected: "delivered", event: { ...common, type: "page", name: page } };
  return { id, expected: "delivered", event: track };
}
