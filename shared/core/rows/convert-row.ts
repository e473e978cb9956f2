/** A row of a warehouse to a batch of its own. */
import { contentHash } from "../canonical.ts";
import type { Contribution, Conversion } from "../contribution.ts";
import type { ConvertContext } from "../convert/convert-context.ts";
import { addConsent, hideEmail, type MutableEnvelope } from "../convert/envelope.ts";
import { fieldPath, newFindings, note, noted, refuse, rejection } from "../convert/findings.ts";
import { partnerIdentities } from "../convert/identities.ts";
import { givenId } from "../convert/message-id.ts";
import { noteCost } from "../convert/note-cost.ts";
import { readInstant, readTime } from "../convert/time.ts";
import { addEmailHash, newUserAttributes, profileParts } from "../convert/user-attributes.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { RowEvent } from "../message.schema.ts";
import type { Feed } from "../tenant.schema.ts";
import { inWords, originOf, type Row, readRow } from "./read-row.ts";
import { rowEvent } from "./row-event.ts";
import { rowPlanOf } from "./row-plan.ts";
import { addRowIdentities, rowAttributes } from "./row-user.ts";
import { warehouseTime } from "./warehouse-value.ts";

/** Converts a row by the model of its feed that it names. */
export function convertRow(event: RowEvent, settings: MappingSettings, context: ConvertContext): Conversion {
  const findings = newFindings();
  const { rows } = context.feed;
  const model = Object.hasOwn(rows, event.model) ? rows[event.model] : undefined;
  if (!model) return rejection(refuse(findings, "row_model_unknown", "model", knownModels(rows)), findings);
  const plan = rowPlanOf(model);
  const row = readRow(event.values, plan, findings);
  const occurredAtMs = timeOf(row, event, context.sentAtMs);
  const messageId = givenId(event.messageId) ?? rowId(event, row, occurredAtMs);

  const envelope: MutableEnvelope = {};
  addRowIdentities(envelope, row, event, settings);
  const partners = partnerIdentities(event.partnerUserId, context, findings);
  if (partners) envelope.partnerIdentities = partners;
  // As calls have it: places begin at the event, a column is `values.NAME`.
  addConsent(envelope, { event, at: event, budget: row.scope.budget }, context, findings);
  const emailHash = hideEmail(envelope, settings)?.hash;
  const user =
    plan.eventType === "user_attributes"
      ? rowAttributes(row, settings)
      : newUserAttributes(settings.attributePrefix, "ignore", settings.userAttributes);
  if (emailHash !== undefined) addEmailHash(user, emailHash, findings);
  const common = { timestamp_unixtime_ms: occurredAtMs, source_message_id: messageId };
  const made = rowEvent(row, common, settings);
  noteCost(row.scope, findings);
  if (findings.reason) return rejection(findings.reason, findings);

  const contribution: Contribution = {
    messageId,
    occurredAtMs,
    envelope,
    events: made ? [made] : [],
    ...profileParts(user),
    isAlone: true,
  };
  return { kind: "contribution", contribution, findings: noted(findings) };
}

/** Most models that a sentence names. */
const MAX_NAMED = 8;

function knownModels(rows: Feed["rows"]): string {
  const names = Object.keys(rows);
  const others = names.length > MAX_NAMED ? `, and ${names.length - MAX_NAMED} others` : "";
  const known =
    names.length === 0 ? "it has none" : `it has ${names.slice(0, MAX_NAMED).join(", ")}${others}`;
  return `The feed has no row model of this name: ${known}.`;
}

/** When a row happened: its timestamp column, else as its message says. */
function timeOf({ plan, columnOf, scope, findings }: Row, event: RowEvent, sentAtMs: number): number {
  if (plan.timestamp) {
    const { column, columns } = originOf(plan.timestamp, scope, columnOf, "timestamp");
    const path = fieldPath("values", column);
    const given = plan.timestamp.read(scope);
    if (given === undefined)
      note(
        findings,
        "row_timestamp_missing",
        path,
        `The row counts as of its message's time: there is nothing in ${inWords(columns)}.`,
      );
    const { value, isWithoutZone } = warehouseTime(given);
    const ms = readInstant(value, path, sentAtMs, findings);
    if (ms !== undefined && isWithoutZone) note(findings, "timestamp_without_zone", path);
    if (ms !== undefined) return ms;
  }
  return readTime(event, sentAtMs, findings);
}

/**
 * The id of a row whose message gives none. An event is the same whenever its key is, or all of its values are; a user's row
 * is one of its time and place too: who goes from one plan to another and back must not be taken for a repetition by mParticle,
 * which remembers ids for weeks. The time may be a day's, or the message's own.
 */
function rowId(event: RowEvent, { plan, columnOf }: Row, occurredAtMs: number): string {
  const { model, values, userId, anonymousId, timestamp, position } = event;
  if (plan.eventType === "user_attributes")
    return contentHash({
      type: "row",
      model,
      values,
      userId,
      anonymousId,
      occurredAtMs,
      position: position ?? undefined,
    });
  const key = plan.key?.map((name) => {
    const column = columnOf(name);
    return column === undefined ? undefined : values[column];
  });
  // A key with holes tells nothing apart.
  const isKnown = key?.every((value) => value !== undefined && value !== null);
  return isKnown
    ? contentHash({ type: "row", model, key })
    : contentHash({ type: "row", model, values, userId, anonymousId, timestamp });
}
