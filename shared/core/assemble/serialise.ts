import type { Contribution, Envelope } from "../contribution.ts";
import type { Feed } from "../tenant.schema.ts";
import type { AssembleContext, BuiltBatch, Part } from "./assemble.ts";
import { contributorsOf, type Draft } from "./draft.ts";
import { ID_LENGTH, sourceRequestId } from "./source-request-id.ts";

declare global {
  interface JSON {
    /** A value that is serialised as this very text. In Node since version 22; not yet in TypeScript's library. */
    rawJSON(text: string): unknown;
  }
}

/** Stands where the id goes, so that a batch is serialised once and its id written over this. */
const ID_PLACEHOLDER = "0".repeat(ID_LENGTH);
const ID_OFFSET = '{"source_request_id":"'.length;

/**
 * What stands before the made id, or instead of it: an id that the feed's mapping gives is a batch's own where that is all of
 * its group, else what the ids of its pieces begin with.
 */
function givenId({ sourceRequestId }: Envelope, { isPiece }: Draft): { id: string; isWhole: boolean } {
  if (sourceRequestId === undefined) return { id: "", isWhole: false };
  return isPiece ? { id: `${sourceRequestId}.`, isWhole: false } : { id: sourceRequestId, isWhole: true };
}

/** A draft as a batch whose id is not known yet. JSON leaves out the members that have no value. */
export type UnsentBatch = Readonly<Record<string, unknown>>;

export function toBatch(
  draft: Draft,
  { envelope, own, mpid }: Contribution,
  { feed }: AssembleContext,
): UnsentBatch {
  const { entries, profile } = draft;
  const { id, isWhole } = givenId(envelope, draft);
  const batch = {
    source_request_id: isWhole ? id : id + ID_PLACEHOLDER,
    environment: feed.environment,
    user_identities: envelope.userIdentities,
    partner_identities: envelope.partnerIdentities,
    device_info: envelope.deviceInfo,
    application_info: envelope.applicationInfo,
    ip: envelope.ip,
    consent_state: envelope.consentState,
    context: feed.dataPlan && dataPlanContext(feed.dataPlan),
    mpid: mpid === undefined ? undefined : Number(mpid),
    user_attributes: profile && hasFields(profile.attributes) ? profile.attributes : undefined,
    deleted_user_attributes: profile && profile.deleted.length > 0 ? profile.deleted : undefined,
    events: entries.length > 0 ? entries.map(({ event }) => event) : undefined,
  };
  if (!own) return batch;
  return own.context && batch.context
    ? { ...batch, ...own, context: { ...batch.context, ...own.context } }
    : { ...batch, ...own };
}

function dataPlanContext({ planId, planVersion }: NonNullable<Feed["dataPlan"]>) {
  return { data_plan: { plan_id: planId, ...(planVersion !== undefined && { plan_version: planVersion }) } };
}

/** Serialises a draft, from which moment on its bytes never change. */
export function serialise(
  draft: Draft,
  batch: UnsentBatch,
  parts: readonly Part[],
  context: AssembleContext,
): BuiltBatch {
  const contributors = contributorsOf(draft, parts);
  const mpid = parts[0]?.contribution.mpid;
  // An mParticle id has more digits than a JavaScript number keeps.
  const exact = mpid === undefined ? batch : { ...batch, mpid: JSON.rawJSON(mpid) };
  const body = Buffer.from(JSON.stringify(exact));
  const given = givenId(parts[0]?.contribution.envelope ?? {}, draft);
  const id = given.isWhole
    ? ""
    : sourceRequestId({
        tenantId: context.tenantId,
        feedId: context.feed.feedId,
        route: draft.route,
        messageIds: contributors.map(({ contribution }) => contribution.messageId),
        content: body,
      });
  // The quotes around JSON text are not part of it.
  body.write(id, ID_OFFSET + Buffer.byteLength(JSON.stringify(given.id)) - 2, "latin1");
  return {
    route: draft.route,
    body,
    eventCount: draft.entries.length,
    sources: contributors.map(({ source }) => source),
  };
}

function hasFields(fields: object): boolean {
  for (const _ in fields) return true;
  return false;
}
