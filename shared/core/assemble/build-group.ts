import type { BatchEvent } from "../batch.schema.ts";
import type { Contribution } from "../contribution.ts";
import { type Finding, finding } from "../finding.ts";
import { MAX_BATCH_BYTES } from "../limits.ts";
import { checkBatch, type Problem } from "../validators.ts";
import type { AssembleContext, Assembly, BuiltBatch, Part } from "./assemble.ts";
import { compare } from "./compare.ts";
import { chunkProfile, mergeProfiles, type Profile } from "./profile.ts";
import { type Run, readEntries, splitIntoRuns } from "./runs.ts";
import { sourceRequestId } from "./source-request-id.ts";

/** UTF-8 bytes of `{"source_request_id":"<43 characters>",}` and of the commas between a batch's members. */
const FRAME_BYTES = 80;

/**
 * Builds the batches of parts that share an envelope, or refuses what no batch can carry.
 *
 * @param envelope - The members that they share, as JSON text.
 */
export function buildGroup(
  group: Part[],
  envelope: string,
  context: AssembleContext,
  { batches, refused }: Assembly,
): void {
  if (group.length > 1) group.sort(byTimeThenId);
  const refuse = (part: Part, reason: Finding) => refused.push({ source: part.source, finding: reason });
  const head = `"environment":"${context.feed.environment}"${envelope && ","}${envelope}`;
  const room = MAX_BATCH_BYTES - FRAME_BYTES - Buffer.byteLength(head);

  const profile = mergeProfiles(group);
  const { parts, live, historical } = readEntries(
    validParts(group, profile, context, refuse),
    room,
    context,
    refuse,
  );
  if (parts.length === 0) return;
  const chunks = chunkProfile(parts.length === group.length ? profile : mergeProfiles(parts), room);
  if (!chunks) {
    // Conversion cuts lists far below that, so only a huge envelope can leave too little room for an attribute.
    for (const part of parts) refuse(part, finding("event_too_large"));
    return;
  }
  const runs = splitIntoRuns({ live, historical }, chunks, room, context.feed.limits.eventsPerRequest);
  for (const run of runs) batches.push(build(run, parts, head, context));
}

function build(
  run: Run,
  parts: readonly Part[],
  head: string,
  { tenantId, feed: { feedId } }: AssembleContext,
): BuiltBatch {
  const contributors = contributorsOf(run, parts);
  let content = head;
  if (run.profile?.text) content += `,${run.profile.text}`;
  if (run.entries.length > 0) content += `,"events":[${run.entries.map(({ text }) => text).join(",")}]`;
  const contentBytes = Buffer.byteLength(content);
  const ids = contributors.map(({ contribution }) => contribution.messageId);
  const prefix = `{"source_request_id":"${sourceRequestId({ tenantId, feedId }, run.route, ids, content, contentBytes)}",`;
  return {
    route: run.route,
    body: `${prefix}${content}}`,
    bytes: prefix.length + contentBytes + 1,
    eventCount: run.entries.length,
    sources: contributors.map(({ source }) => source),
  };
}

/** Whose ending a batch decides: those with events in it and, where the profile rides, those that said something of it. */
function contributorsOf({ entries, profile }: Run, parts: readonly Part[]): readonly Part[] {
  if (parts.length === 1) return parts;
  const contributors = new Set(entries.map(({ part }) => part));
  if (profile) {
    for (const part of parts) {
      const { events, userAttributes, deletedUserAttributes } = part.contribution;
      if (events.length === 0 || userAttributes || deletedUserAttributes) contributors.add(part);
    }
  }
  return [...contributors];
}

/**
 * A bulk 202 hides batches that mParticle dropped, so every batch is checked before it goes out. The group is checked
 * as a whole, which is how it nearly always passes; only a failure is worth finding its part.
 */
function validParts(
  group: readonly Part[],
  profile: Profile,
  context: AssembleContext,
  refuse: (part: Part, reason: Finding) => void,
): readonly Part[] {
  if (!problemOf(group, profile, context)) return group;
  return group.filter((part) => {
    const problem = problemOf([part], mergeProfiles([part]), context);
    if (problem)
      refuse(
        part,
        finding("batch_invalid", problem.path, `The batch fails mParticle's schema: ${problem.problem}.`),
      );
    return !problem;
  });
}

function problemOf(
  parts: readonly Part[],
  { attributes, deleted }: Profile,
  { feed }: AssembleContext,
): Problem | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const { own, envelope }: Contribution = first.contribution;
  let { events }: { events: readonly BatchEvent[] } = first.contribution;
  if (parts.length > 1) events = parts.flatMap(({ contribution }) => contribution.events);
  return checkBatch({
    ...own,
    environment: feed.environment,
    user_identities: envelope.userIdentities,
    partner_identities: envelope.partnerIdentities,
    device_info: envelope.deviceInfo,
    application_info: envelope.applicationInfo,
    ip: envelope.ip,
    user_attributes: attributes,
    deleted_user_attributes: deleted,
    events,
  });
}

function byTimeThenId(a: Part, b: Part): number {
  const byTime = a.contribution.occurredAtMs - b.contribution.occurredAtMs;
  return byTime || compare(a.contribution.messageId, b.contribution.messageId);
}
