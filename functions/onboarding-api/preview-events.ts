import type { PreviewAnswer, StoredFeedPreviewInput } from "../../shared/api/preview.schema.ts";
import { assemble, type BuiltBatch, type Part } from "../../shared/core/assemble/assemble.ts";
import type { FilterRule } from "../../shared/core/contribution.ts";
import { ruleLabelOf } from "../../shared/core/convert/convert-event.ts";
import { convertOrReject } from "../../shared/core/convert/convert-or-reject.ts";
import { messageIdOf } from "../../shared/core/convert/message-id.ts";
import { eventProblem } from "../../shared/core/event-problem.ts";
import { documentationOf, type Finding } from "../../shared/core/finding.ts";
import { MAX_LIVE_AGE_DAYS } from "../../shared/core/limits.ts";
import { lintBatches } from "../../shared/core/lint/lint-batches.ts";
import { lintEvent } from "../../shared/core/lint/lint-event.ts";
import type { Mode, PartnerEvent } from "../../shared/core/message.schema.ts";
import type { Feed, Tenant } from "../../shared/core/tenant.schema.ts";
import { whyFiltered } from "./why-filtered.ts";

export interface PreviewFeed {
  readonly tenant: Tenant;
  readonly feed: Feed;
  readonly partnerIdentity: string | undefined;
}

type PreviewedEvent = PreviewAnswer["events"][number];

/**
 * What deliver-events would make of a message with these events, sent now: read, converted, merged, checked and built by the same
 * code. Nothing is sent, and no tenant's state is touched.
 *
 * @param failed - Is told what a conversion threw, which only a defect makes it do. @default nobody
 */
export function previewEvents(
  { events, mode = "auto", sentAt }: StoredFeedPreviewInput,
  { tenant, feed, partnerIdentity }: PreviewFeed,
  nowMs: number,
  failed: (error: unknown) => void = () => {},
): PreviewAnswer {
  const sentAtMs = sentAt === undefined ? nowMs : Date.parse(sentAt);
  const seen = new Set<string>();
  const parts: Part[] = [];
  const previewed = events.map((event, source): PreviewedEvent => {
    const problem = eventProblem(event);
    const id = isObject(event) ? { messageId: messageIdOf(event) } : {};
    if (problem) return { ending: "rejected", ...id, batches: [], findings: told([problem]) };
    const context = { tenant, feed, sentAtMs, partnerIdentity };
    let hasFailed = false;
    const conversion = convertOrReject(event as PartnerEvent, context, (error) => {
      hasFailed = true;
      failed(error);
    });
    // What was refused is not sent: what mParticle would do with it is no question.
    const linted = conversion.kind === "rejected" ? [] : lintEvent(event as PartnerEvent, feed);
    // Looking for the rule may be what failed.
    const mappingRule = hasFailed ? undefined : ruleLabelOf(event as PartnerEvent, feed);
    const rest = {
      ...id,
      ...(mappingRule !== undefined && { mappingRule }),
      batches: [],
      findings: told([...conversion.findings, ...linted]),
    };
    if (conversion.kind === "filtered") return { ...filtered(conversion.rule), ...rest };
    if (conversion.kind === "rejected") return { ending: "rejected", ...rest };
    const { contribution } = conversion;
    const { messageId } = contribution;
    // A row's or an audience's is not that of the event.
    if (seen.has(messageId)) return { ...filtered("duplicate"), ...rest, messageId };
    seen.add(messageId);
    parts.push({ source, contribution, mode });
    return { ending: "delivered", ...rest, messageId };
  });
  const { batches, refused } = assemble(parts, { tenantId: tenant.tenantId, feed, nowMs });
  for (const { source, finding } of refused) {
    const event = previewed[source];
    if (event)
      previewed[source] = { ...event, ending: "rejected", findings: [...event.findings, ...told([finding])] };
  }
  for (const [i, { sources }] of batches.entries())
    for (const source of sources) previewed[source]?.batches.push(i);
  const answers = batches.map((batch) => batchAnswer(batch, mode, feed));
  const linted = lintBatches(answers, { feed, mode });
  return {
    events: previewed,
    batches: answers.map((answer, i) => ({ ...answer, findings: told(linted[i] ?? []) })),
  };
}

function filtered(rule: FilterRule) {
  return { ending: "filtered", rule, why: whyFiltered(rule) } as const;
}

function isObject(event: unknown): event is object {
  return typeof event === "object" && event !== null && !Array.isArray(event);
}

function told(findings: readonly Finding[]) {
  return findings.map(({ code, severity, path, message }) => ({
    code,
    severity,
    path,
    message,
    documentation: documentationOf(code),
  }));
}

function batchAnswer({ route, body, eventCount }: BuiltBatch, mode: Mode, feed: Feed) {
  return {
    route,
    reason: reasonOf(route, eventCount, mode, feed),
    bytes: body.length,
    events: eventCount,
    batch: exactly(body.toString("utf8")),
  };
}

function reasonOf(route: BuiltBatch["route"], eventCount: number, mode: Mode, feed: Feed): string {
  if (eventCount === 0) return "A profile update has no age: it always goes live.";
  if (route === "historical")
    return mode === "historical"
      ? "The message asks for historical, and its events are older than 72 hours."
      : `Its events are older than ${feed.historicalAfterDays} days.`;
  if (mode === "live")
    return `The message asks for live, and no event is older than ${MAX_LIVE_AGE_DAYS} days.`;
  return mode === "historical"
    ? "Its events are younger than 72 hours, which the historical path does not take."
    : `Its events are not older than ${feed.historicalAfterDays} days.`;
}

/** The value of JSON text whose numbers are written again as they stand there: an mParticle id has more digits than a number here. */
function exactly(json: string): Record<string, unknown> {
  return JSON.parse(json, (_, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && context?.source !== undefined
      ? rawJson(context.source)
      : value,
  );
}

const rawJson = (JSON as unknown as { rawJSON(source: string): unknown }).rawJSON;
