import { onTestFinished } from "vitest";
import type { StandInFeed } from "../../../local/stand-in/feeds.ts";
import { type StandIn, type StandInOptions, startStandIn } from "../../../local/stand-in/stand-in.ts";

/** The clock of every stand-in under test, epoch milliseconds. */
export const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
export const HOUR_MS = 3_600_000;

export const PARTNER: StandInFeed = {
  apiKey: "partner-key",
  apiSecret: "partner-secret",
  kind: "partner",
  partnerIdentity: "Acme_Member",
};
export const CUSTOM: StandInFeed = { apiKey: "custom-key", apiSecret: "custom-secret", kind: "custom" };

export const LIVE = "/s2s/v2/bulkevents";
export const HISTORICAL = "/s2s/v2/bulkevents/historical";
export const SINGLE = "/s2s/v2/events";
export const CUSTOM_LIVE = "/v2/bulkevents";

/** A stand-in that knows {@link PARTNER} and {@link CUSTOM}, whose clocks stand still; closed after the test. */
export async function standIn(options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const started = await startStandIn({
    feeds: [PARTNER, CUSTOM],
    clock: { nowMs: () => NOW_MS, monotonicMs: () => 0 },
    ...options,
  });
  onTestFinished(() => started.close());
  return started;
}

export function basic({ apiKey, apiSecret }: Pick<StandInFeed, "apiKey" | "apiSecret">): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`;
}

export interface PostOptions {
  path?: string;
  feed?: StandInFeed;
  headers?: Record<string, string>;
}

/** Posts a body: a text as it is, anything else as JSON. To the partner's bulk path unless told otherwise. */
export async function post(
  { url }: StandIn,
  body: unknown,
  { path = LIVE, feed = PARTNER, headers = { Authorization: basic(feed) } }: PostOptions = {},
) {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers,
    body: typeof body === "string" || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

let made = 0;

/** A valid batch with an id of its own. */
export function batch(fields: Record<string, unknown> = {}): Record<string, unknown> {
  made++;
  return {
    environment: "development",
    source_request_id: `request-${made}`,
    user_identities: { customer_id: "u-1" },
    events: [event(`message-${made}`)],
    ...fields,
  };
}

/** A valid custom event. */
export function event(id: string, data: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    event_type: "custom_event",
    data: {
      event_name: "Viewed",
      custom_event_type: "other",
      source_message_id: id,
      timestamp_unixtime_ms: NOW_MS,
      ...data,
    },
  };
}

/** So many entries, named by their place. */
export function entries<T>(count: number, value: T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`name-${i}`, value]));
}
