import { timed } from "../consent/consent-state.ts";
import { finding } from "../finding.ts";
import { MAX_BATCH_BYTES } from "../limits.ts";
import { inWords } from "../problem.ts";
import { type Route, routeOf } from "../route.ts";
import { checkBatch, type Problem } from "../validators.ts";
import type { Assembly, GroupContext, Part, Refusal } from "./assemble.ts";
import { contributorsOf, type Draft, type Entry, halve, piece, profileUpdate } from "./draft.ts";
import { mergeProfiles, splitProfile } from "./profile.ts";
import { serialise, toBatch, type UnsentBatch } from "./serialise.ts";

/**
 * Builds the batches of parts that share an envelope. A part is sent whole or not at all: while some cannot be sent, they
 * are refused and the rest is built anew.
 */
export function buildGroup(
  group: readonly Part[],
  context: GroupContext,
  { batches, refused }: Assembly,
): void {
  let parts = group.length > 1 ? group.toSorted(byTimeThenId) : group;
  while (parts.length > 0) {
    const attempt = tryBuild(parts, context);
    if (attempt.refused.length === 0) {
      for (const batch of attempt.batches) batches.push(batch);
      return;
    }
    for (const refusal of attempt.refused) refused.push(refusal);
    const gone = new Set(attempt.refused.map(({ source }) => source));
    parts = parts.filter(({ source }) => !gone.has(source));
  }
}

/** Builds all parts, or tells which of them stand in the way. */
function tryBuild(parts: readonly Part[], context: GroupContext): Assembly {
  const attempt: Assembly = { batches: [], refused: [] };
  const drafts = draftsOf(parts, context, attempt.refused);
  if (attempt.refused.length > 0) return attempt;

  // A bulk 202 hides what mParticle dropped, so every batch is checked before it goes out.
  const batches = drafts.map((draft) => toBatch(draft, contributionOf(parts), context));
  const problem = firstProblem(batches);
  if (problem) return { batches: [], refused: invalidParts(parts, problem, context) };
  drafts.forEach((draft, i) => {
    emit(draft, batches[i] ?? {}, parts, context, attempt);
  });
  return attempt;
}

/** The profile rides the newest batch of the user; attributes beyond a batch's number go out as profile updates. */
function draftsOf(parts: readonly Part[], context: GroupContext, refused: Refusal[]): Draft[] {
  const { live, historical } = entriesByRoute(parts, context, refused);
  const profiles = splitProfile(mergeProfiles(parts));
  const profile = profiles[0];
  const drafts: Draft[] = [];
  if (historical.length > 0) {
    drafts.push({ route: "historical", entries: historical, profile: live.length > 0 ? undefined : profile });
  }
  if (live.length > 0) drafts.push({ route: "live", entries: live, profile });
  if (drafts.length === 0) drafts.push(profileUpdate(profile));
  for (const other of profiles.slice(1)) drafts.push(profileUpdate(other));
  const id = contributionOf(parts).envelope.sourceRequestId;
  const isShared = id !== undefined && context.sharedIds.has(id);
  return drafts.length > 1 || isShared ? drafts.map(piece) : drafts;
}

function entriesByRoute(
  parts: readonly Part[],
  context: GroupContext,
  refused: Refusal[],
): Record<Route, Entry[]> {
  const age = { nowMs: context.nowMs, historicalAfterDays: context.feed.historicalAfterDays };
  const routes: Record<Route, Entry[]> = { live: [], historical: [] };
  for (const part of parts) {
    for (const event of part.contribution.events) {
      const occurredAtMs = event.data.timestamp_unixtime_ms ?? part.contribution.occurredAtMs;
      const route = routeOf(occurredAtMs, part.mode, age);
      if (route !== "too_old_for_live") {
        routes[route].push({ event, occurredAtMs, part });
        continue;
      }
      refused.push({ source: part.source, finding: finding("too_old_for_live", "timestamp") });
      break;
    }
  }
  // Of a group, each part has one event and its time; only a batch in mParticle's own format, alone in its group, has more.
  if (parts.length === 1) for (const entries of [routes.live, routes.historical]) entries.sort(entriesByTime);
  return routes;
}

/** Serialises a draft, or cuts it until its pieces are small enough. */
function emit(
  draft: Draft,
  batch: UnsentBatch,
  parts: readonly Part[],
  context: GroupContext,
  out: Assembly,
): void {
  const { eventsPerRequest = Number.POSITIVE_INFINITY } = context.feed.limits;
  const built =
    draft.entries.length <= eventsPerRequest ? serialise(draft, batch, parts, context) : undefined;
  if (built && built.body.length <= MAX_BATCH_BYTES) {
    out.batches.push(built);
    return;
  }
  const halves = halve(draft);
  if (halves) {
    for (const half of halves) emit(half, toBatch(half, contributionOf(parts), context), parts, context, out);
    return;
  }
  // Of one event and a profile that sets nothing, it is the event that is too large.
  const culprit = draft.entries.length > 0 ? { ...draft, profile: undefined } : draft;
  for (const { source } of contributorsOf(culprit, parts)) {
    out.refused.push({ source, finding: finding("event_too_large") });
  }
}

/** The parts that are invalid by themselves; all of them, should that be none. */
function invalidParts(parts: readonly Part[], whole: Problem, context: GroupContext): Refusal[] {
  const refusal = ({ source }: Part, problem: Problem): Refusal => ({
    source,
    finding: finding(
      "batch_invalid",
      problem.path,
      `The batch fails mParticle's schema: ${inWords(problem)}.`,
    ),
  });
  const guilty = parts.flatMap((part) => {
    const alone = draftsOf([part], context, []).map((draft) =>
      toBatch(draft, contributionOf([part]), context),
    );
    const problem = firstProblem(alone);
    return problem ? [refusal(part, problem)] : [];
  });
  return guilty.length > 0 ? guilty : parts.map((part) => refusal(part, whole));
}

function firstProblem(batches: readonly UnsentBatch[]): Problem | undefined {
  for (const batch of batches) {
    const problem = checkBatch(batch);
    if (problem) return problem;
  }
  return undefined;
}

/** The parts of a group, oldest first, share all that a batch says beside events and profile. */
function contributionOf(parts: readonly Part[]): Part["contribution"] {
  const { contribution } = parts[0] ?? {};
  if (!contribution) throw new RangeError("A group has at least one part");
  const { envelope } = contribution;
  if (!envelope.consentState) return contribution;
  // What the newest part repeats still counts then: said with an older time, it would yield to what another batch says.
  const newestMs = parts.at(-1)?.contribution.occurredAtMs ?? contribution.occurredAtMs;
  return { ...contribution, envelope: { ...envelope, consentState: timed(envelope.consentState, newestMs) } };
}

function byTimeThenId({ contribution: a }: Part, { contribution: b }: Part): number {
  return a.occurredAtMs - b.occurredAtMs || compare(a.messageId, b.messageId);
}

function entriesByTime(a: Entry, b: Entry): number {
  const byTime = a.occurredAtMs - b.occurredAtMs;
  return byTime || compare(a.event.data.source_message_id ?? "", b.event.data.source_message_id ?? "");
}

/** By code unit: the order must not depend on the machine's locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
