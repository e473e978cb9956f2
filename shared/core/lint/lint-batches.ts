/**
 * Looks at built batches for what mParticle accepts with a 202 and then drops, cuts or keeps apart. For previews only: no event on
 * its way is looked at like this.
 */
import type { Batch, BatchEvent } from "../batch.schema.ts";
import type { Finding } from "../finding.ts";
import type { Mode } from "../message.schema.ts";
import type { Route } from "../route.ts";
import type { Feed } from "../tenant.schema.ts";
import { lintFinding } from "./lint-finding.ts";
import { lintNames } from "./lint-names.ts";
import { lintUser } from "./lint-user.ts";

/** Events of one user in 24 hours, on average, up to which mParticle promises to take them. */
const MAX_EVENTS_PER_USER = 150;

const DAY_MS = 86_400_000;

/** Findings of one kind in one batch; a thousand more would say the same. */
const MAX_FINDINGS = 100;

/** Types that mParticle's own libraries send to keep their books. */
const FOR_SDKS: ReadonlySet<BatchEvent["event_type"]> = new Set([
  "session_start",
  "session_end",
  "first_run",
  "breadcrumb",
  "network_performance",
  "profile",
  "user_attribute_change",
  "user_identity_change",
]);

export interface LintedBatch {
  readonly route: Route;
  /** As sent. */
  readonly batch: Batch;
}

export interface LintContext {
  readonly feed: Feed;
  /** What the message asked for. */
  readonly mode: Mode;
}

/** Findings by batch, in the order given; their paths are places in the batch. */
export function lintBatches(
  batches: readonly { readonly route: Route; readonly batch: Readonly<Record<string, unknown>> }[],
  context: LintContext,
): Finding[][] {
  // Each passed mParticle's schema when it was built.
  const checked = batches as readonly LintedBatch[];
  const kinds = new AttributeKinds();
  const tooMany = batchesOfTooMany(checked);
  return checked.map((linted, i) =>
    [
      ...lintRoute(linted, context),
      ...lintUser(linted.batch, context.feed),
      ...kinds.lint(linted.batch),
      ...(linted.batch.events ?? []).flatMap(lintBatchEvent),
      ...(tooMany.has(i) ? [lintFinding("events_per_user_high", "events")] : []),
    ].slice(0, MAX_FINDINGS),
  );
}

function lintRoute({ route, batch }: LintedBatch, { feed, mode }: LintContext): Finding[] {
  const findings: Finding[] = [];
  if (route === "historical") findings.push(lintFinding("historical_not_forwarded"));
  else if (mode === "historical") findings.push(lintFinding("historical_goes_live"));
  if (feed.status === "active" && batch.environment === "development")
    findings.push(lintFinding("environment_development", "environment"));
  return findings;
}

function lintBatchEvent(event: BatchEvent, index: number): Finding[] {
  const path = `events[${index}]`;
  const findings = lintNames(event, `${path}.data`);
  if (FOR_SDKS.has(event.event_type)) findings.push(lintFinding("event_for_sdks", `${path}.event_type`));
  if (event.event_type === "opt_out" && event.data.is_opted_out === true)
    findings.push(lintFinding("opt_out_sent", `${path}.data.is_opted_out`));
  return findings;
}

/** Which user attributes were lists and which text, over all batches. */
class AttributeKinds {
  readonly #isList = new Map<string, boolean>();

  lint({ user_attributes: attributes }: Batch): Finding[] {
    const findings: Finding[] = [];
    for (const [name, value] of Object.entries(attributes ?? {})) {
      const isList = Array.isArray(value);
      const known = this.#isList.get(name);
      if (known === undefined) this.#isList.set(name, isList);
      else if (known !== isList)
        findings.push(
          lintFinding("attribute_kind_varies", `user_attributes.${name.slice(0, 64).toWellFormed()}`),
        );
    }
    return findings;
  }
}

interface Happened {
  readonly atMs: number;
  /** Place of the batch that it is in. */
  readonly batch: number;
}

/** The places of those batches that make the events of their user too many. */
function batchesOfTooMany(batches: readonly LintedBatch[]): Set<number> {
  const users = new Map<string, Happened[]>();
  for (const [i, { batch }] of batches.entries()) {
    const { user_identities: identities, device_info: device, events } = batch;
    if (!events || events.length === 0) continue;
    const user = JSON.stringify(identities ?? device);
    const happened = users.get(user) ?? [];
    for (const { data } of events) happened.push({ atMs: data.timestamp_unixtime_ms ?? 0, batch: i });
    users.set(user, happened);
  }
  return new Set(Array.from(users.values(), firstOfTooMany).filter((batch) => batch !== undefined));
}

/** Sorts once, and halves what is left of the batches until the one is found: a user may have thousands. */
function firstOfTooMany(happened: readonly Happened[]): number | undefined {
  if (happened.length <= MAX_EVENTS_PER_USER) return undefined;
  const batches = [...new Set(happened.map(({ batch }) => batch))];
  const sorted = happened.toSorted((a, b) => a.atMs - b.atMs);
  const isTooMany = (upTo: number) =>
    mostInOneDay(sorted.filter(({ batch }) => batch <= upTo)) > MAX_EVENTS_PER_USER;
  let from = 0;
  let to = batches.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isTooMany(batches[middle] ?? 0)) to = middle;
    else from = middle + 1;
  }
  return batches[from];
}

/** @param sorted - By time. */
function mostInOneDay(sorted: readonly Happened[]): number {
  let first = 0;
  let most = 0;
  for (const [last, { atMs }] of sorted.entries()) {
    while (atMs - (sorted[first]?.atMs ?? atMs) >= DAY_MS) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
