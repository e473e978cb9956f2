import type {
  ApplicationInfo,
  BatchEvent,
  DeviceInfo,
  PartnerIdentities,
  UserIdentities,
} from "../batch.schema.ts";
import type { AttributeValue, Contribution, Conversion } from "../contribution.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { BatchMessageEvent } from "../message.schema.ts";
import { inWords } from "../problem.ts";
import { checkBatch } from "../validators.ts";
import type { ConvertContext } from "./convert-context.ts";
import { namesSomebody, whyNobody } from "./envelope.ts";
import { newFindings, note, noted, refuse, rejection } from "./findings.ts";
import { hideOwnEmail, isHeldBack } from "./held-back.ts";
import { copyObject, mutable, removed } from "./json-copy.ts";
import { messageIdOf } from "./message-id.ts";
import { completeOwnEvent, hasPlace, type OwnEvents } from "./own-event.ts";
import {
  fitDevice,
  fitIp,
  fitPartnerIdentities,
  fitUserAttributes,
  fitUserIdentities,
  type OwnBatch,
  takeMpid,
} from "./own-user.ts";
import { readInstant } from "./time.ts";

/** Fields that mParticle sets itself, only writes, or asks not to be sent. */
const NOT_FOR_SENDERS = [
  "api_key",
  "api_keys",
  "attribution_info",
  "batch_id",
  "job_id",
  "mp_deviceid",
  "origin_mpid",
  "partner_identity",
  "schema_version",
  "sdk_version",
  "source_info",
  "system_notifications",
  "timestamp_unixtime_ms",
  "unique_id",
];

/** A batch after fitting, once its schema check passed: nothing at its top is null, attributes are text. */
type FittedBatch = NonNullable<Contribution["own"]> & {
  events?: BatchEvent[];
  user_identities?: UserIdentities;
  partner_identities?: PartnerIdentities;
  device_info?: DeviceInfo;
  application_info?: ApplicationInfo;
  ip?: string;
  user_attributes?: Record<string, AttributeValue>;
  deleted_user_attributes?: string[];
};

interface Origin {
  readonly messageId: string;
  readonly occurredAtMs: number;
  readonly mpid: string | undefined;
}

/**
 * Takes over a batch in mParticle's own format. What a sender may not set is taken out, what is missing or too long is
 * mended as in converted events, and what then still fails mParticle's schema is rejected with its place. Of the feed's mapping,
 * the lists of attributes and the rule for e-mail addresses hold here too: what a feed keeps to itself it keeps in any format.
 */
export function convertOwnBatch(
  event: BatchMessageEvent,
  settings: MappingSettings,
  context: ConvertContext,
): Conversion {
  const findings = newFindings();
  const messageId = messageIdOf(event);
  const batch: OwnBatch = { values: copyObject(event.batch, "batch", findings), path: "batch", findings };
  removeForeign(batch, context);
  fitUserIdentities(batch);
  const hidden = hideOwnEmail(batch.values, settings);
  fitPartnerIdentities(batch, context);
  fitUserAttributes(batch, settings, hidden?.hash);
  fitDevice(batch);
  fitIp(batch);
  const mpid = takeMpid(batch);
  const common = { messageId, sentAtMs: context.sentAtMs, settings, findings };
  const occurredAtMs = completeEvents(batch, event.timestamp, common);

  if (findings.reason) return rejection(findings.reason, findings);

  const problem = checkBatch(batch.values);
  if (problem) {
    const path = problem.path === "" ? "batch" : `batch.${problem.path}`;
    const detail = `The batch fails mParticle's schema: ${inWords(problem)}.`;
    return rejection(refuse(findings, "batch_invalid", path, detail), findings);
  }
  const contribution = contributionOf(batch.values as FittedBatch, { messageId, occurredAtMs, mpid });
  if (mpid === undefined && !namesSomebody(contribution.envelope)) {
    const why = whyNobody(hidden, settings, false);
    return rejection(refuse(findings, "identity_missing", "batch", why), findings);
  }
  return { kind: "contribution", contribution, findings: noted(findings) };
}

/** Takes out what the feed decides or refuses. Null says the same as absent. */
function removeForeign(own: OwnBatch, { feed }: ConvertContext): void {
  const { values: batch, findings } = own;
  for (const key of Object.keys(batch)) if (batch[key] === null) delete batch[key];
  for (const key of NOT_FOR_SENDERS)
    if (removed(batch, key)) note(findings, "field_set_by_mparticle", `batch.${key}`);
  const { environment } = batch;
  if (removed(batch, "environment") && environment !== feed.environment) {
    note(findings, "environment_overruled", "batch.environment");
  }
  // Assembling makes one, from what is really sent.
  delete batch["source_request_id"];
  if (feed.kind !== "custom" && removed(batch, "consent_state")) {
    note(findings, "consent_stripped", "batch.consent_state");
  }
  const place = mutable(batch["context"]);
  if (place && !hasPlace(place["location"], "batch.context.location", findings)) delete place["location"];
}

/** Mends every event that the feed sends. @returns when the batch happened: as its message says, else with its newest event. */
function completeEvents(
  { values: batch, findings }: OwnBatch,
  timestamp: unknown,
  common: Omit<OwnEvents, "occurredAtMs">,
): number {
  const { sentAtMs, settings } = common;
  const givenMs = readInstant(timestamp, "timestamp", sentAtMs, findings);
  const { events } = batch;
  if (!Array.isArray(events)) return givenMs ?? sentAtMs;
  const all = { ...common, occurredAtMs: givenMs ?? sentAtMs };
  let newestMs = Number.NEGATIVE_INFINITY;
  batch["events"] = events.filter((value, i) => {
    const event = mutable(value);
    if (!event) return true;
    if (isHeldBack(event, settings)) {
      note(findings, "event_held_back", `batch.events[${i}]`);
      return false;
    }
    newestMs = Math.max(newestMs, completeOwnEvent(event, i, all) ?? newestMs);
    return true;
  });
  return givenMs ?? (Number.isFinite(newestMs) ? newestMs : sentAtMs);
}

function contributionOf(batch: FittedBatch, { messageId, occurredAtMs, mpid }: Origin): Contribution {
  const {
    events = [],
    user_identities: userIdentities,
    partner_identities: partnerIdentities,
    device_info: deviceInfo,
    application_info: applicationInfo,
    ip,
    user_attributes: userAttributes,
    deleted_user_attributes: deletedUserAttributes,
    ...own
  } = batch;
  return {
    messageId,
    occurredAtMs,
    envelope: {
      ...(userIdentities && { userIdentities }),
      ...(partnerIdentities && { partnerIdentities }),
      ...(deviceInfo && { deviceInfo }),
      ...(applicationInfo && { applicationInfo }),
      ...(ip && { ip }),
    },
    ...(userAttributes && { userAttributes }),
    ...(deletedUserAttributes && { deletedUserAttributes }),
    events,
    own,
    ...(mpid && { mpid }),
  };
}
