/**
 * What mParticle does with one batch of an authenticated request, judged from the batch alone.
 *
 * @see https://docs.mparticle.com/developers/apis/http/
 * @see https://docs.mparticle.com/developers/apis/json-reference/
 */
import { MAX_LIVE_AGE_DAYS, MIN_HISTORICAL_AGE_MS } from "../../shared/core/limits.ts";
import { checkBatch } from "../../shared/core/validators.ts";
import { brokenLimit, countCutNames } from "./batch-limits.ts";
import type { StandInFeed } from "./feeds.ts";
import type { WireBatch, WireEvent } from "./wire-batch.ts";

/** Why a batch is accepted and not processed. The first three are faults of the batch that `/events` answers with 400. */
export type DropReason =
  | "schema"
  | "limit"
  | "commerce_event" // not exactly one of product action, promotion action and impressions
  | "no_identity" // nobody to attach it to
  | "historical_without_events"
  | "historical_without_timestamp"
  | "historical_too_young"
  | "injected"; // a fault that was asked for

/** What a processed batch did against the documentation's advice, or had taken away. */
export type Violation =
  | "consent_state_ignored" // only a custom feed's key can set consent
  | "name_cut"
  | "live_event_too_old"; // over 30 days: belongs on the historical path

export type Verdict =
  | { readonly kind: "valid"; readonly violations: Readonly<Partial<Record<Violation, number>>> }
  /** Accepted by every endpoint, and not processed. */
  | { readonly kind: "skipped"; readonly reason: DropReason }
  /** Fails on its own: 400 on `/events`, dropped from a bulk request. `problem` never quotes a value. */
  | { readonly kind: "invalid"; readonly reason: DropReason; readonly problem: string }
  /** Fails the whole request that holds it. */
  | { readonly kind: "fails_request"; readonly problem: string };

export interface BatchContext {
  readonly feed: StandInFeed;
  readonly historical: boolean;
  readonly requestBytes: number;
  readonly nowMs: number;
}

/** Ids of a device that can carry a profile on their own. */
const DEVICE_IDS = [
  "android_uuid",
  "android_advertising_id",
  "ios_advertising_id",
  "ios_idfv",
  "push_token",
  "amp_id",
  "roku_advertising_id",
  "roku_publisher_id",
  "microsoft_advertising_id",
  "microsoft_publisher_id",
  "fire_advertising_id",
];

/** Sent by devices that refuse tracking, so it names nobody. */
const NIL_UUID = "00000000-0000-0000-0000-000000000000";

/** Judges one batch of any shape. */
export function judgeBatch(value: unknown, context: BatchContext): Verdict {
  const fault = checkBatch(value);
  if (fault) return { kind: "invalid", reason: "schema", problem: `${fault.path} ${fault.problem}`.trim() };
  const batch = value as WireBatch;
  const identityProblem = partnerIdentityProblem(batch, context.feed);
  if (identityProblem !== undefined) return { kind: "fails_request", problem: identityProblem };
  const limitProblem = brokenLimit(batch, context.requestBytes);
  if (limitProblem !== undefined) return { kind: "invalid", reason: "limit", problem: limitProblem };
  const events = batch.events ?? [];
  const ambiguous = events.findIndex((event) => !isOneKindOfCommerce(event));
  if (ambiguous >= 0) {
    const problem = `events[${ambiguous}].data is not one of product action, promotion action and impressions`;
    return { kind: "invalid", reason: "commerce_event", problem };
  }
  if (!hasIdentity(batch)) return { kind: "skipped", reason: "no_identity" };
  const skip = context.historical ? historicalSkip(events, context.nowMs) : undefined;
  return skip === undefined
    ? { kind: "valid", violations: violationsOf(batch, context) }
    : { kind: "skipped", reason: skip };
}

/** The request can fail when a feed sends a partner identity that is not registered for it; here it does. */
function partnerIdentityProblem(batch: WireBatch, feed: StandInFeed): string | undefined {
  const names = Object.keys(batch.partner_identities ?? {});
  if (feed.kind === "custom") {
    const any = names.length > 0 || (batch.partner_identity ?? null) !== null;
    return any ? "partner_identities are not accepted from a custom feed" : undefined;
  }
  return names.some((name) => name !== feed.partnerIdentity)
    ? "partner_identities has a name that is not registered for this feed"
    : undefined;
}

/** The schema takes a commerce event with none or several of the three; the JSON Reference asks for exactly one. */
function isOneKindOfCommerce({ event_type, data }: WireEvent): boolean {
  if (event_type !== "commerce_event") return true;
  const kinds = [data.product_action, data.promotion_action, data.product_impressions];
  return kinds.filter((kind) => kind !== undefined && kind !== null).length === 1;
}

function hasIdentity(batch: WireBatch): boolean {
  const isId = (value: unknown) =>
    value !== undefined && value !== null && value !== "" && value !== NIL_UUID;
  return (
    isId(batch.mpid) ||
    isId(batch.mp_deviceid) ||
    Object.values(batch.user_identities ?? {}).some(isId) ||
    DEVICE_IDS.some((name) => isId(batch.device_info?.[name]))
  );
}

function historicalSkip(events: readonly WireEvent[], nowMs: number): DropReason | undefined {
  if (events.length === 0) return "historical_without_events";
  const times = events.map(({ data }) => data.timestamp_unixtime_ms ?? undefined);
  if (times.includes(undefined)) return "historical_without_timestamp";
  return times.some((time) => time !== undefined && nowMs - time < MIN_HISTORICAL_AGE_MS)
    ? "historical_too_young"
    : undefined;
}

function violationsOf(
  batch: WireBatch,
  { feed, historical, nowMs }: BatchContext,
): Partial<Record<Violation, number>> {
  const violations: Partial<Record<Violation, number>> = {};
  if (feed.kind === "partner" && (batch.consent_state ?? null) !== null) violations.consent_state_ignored = 1;
  const oldestLiveMs = historical ? Number.NEGATIVE_INFINITY : nowMs - MAX_LIVE_AGE_DAYS * 86_400_000;
  let cut = 0;
  let tooOld = 0;
  for (const event of batch.events ?? []) {
    cut += countCutNames(event);
    if ((event.data.timestamp_unixtime_ms ?? nowMs) < oldestLiveMs) tooOld++;
  }
  if (cut > 0) violations.name_cut = cut;
  if (tooOld > 0) violations.live_event_too_old = tooOld;
  return violations;
}
