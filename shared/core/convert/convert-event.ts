/**
 * One partner event to what it adds to its user's batch at mParticle. Pure: the same event in the same context is always
 * converted alike, wherever and how often that happens, so a redelivery cannot count twice.
 */
import { convertAudience } from "../audiences/convert-audience.ts";
import type { Conversion } from "../contribution.ts";
import { finding } from "../finding.ts";
import { NO_SCOPE, scopeOf } from "../mapping/compile-value.ts";
import { type MappingPlan, planOf } from "../mapping/plan.ts";
import type { BatchMessageEvent, PartnerEvent } from "../message.schema.ts";
import { convertRow } from "../rows/convert-row.ts";
import type { Feed } from "../tenant.schema.ts";
import { convertCall, type MappedCall } from "./convert-call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { filterRuleOf, isCall } from "./filter.ts";
import { convertOwnBatch } from "./own-batch.ts";

export type { ConvertContext } from "./convert-context.ts";

/**
 * Converts an event that passed the schema of the message contract. Whatever it holds below its top level, this does not
 * throw: what cannot be used is left out and reported as a finding, and only an event that names nobody, or somebody it
 * cannot name exactly, is rejected.
 */
export function convertEvent(event: PartnerEvent, context: ConvertContext): Conversion {
  const plan = planOf(context.feed.mapping);
  const mapped = mappedCall(event, plan, context.feed.consent.state !== undefined);
  if (mapped && mapped.scope.budget.left <= 0)
    return { kind: "rejected", findings: [finding("mapping_too_costly")] };
  const filterRule = filterRuleOf(event, mapped?.rule, plan.settings, context);
  if (filterRule !== undefined) {
    const findings = filterRule === "alias_unusable" ? [finding("alias_unusable")] : [];
    return { kind: "filtered", rule: filterRule, findings };
  }
  if (mapped) return convertCall(mapped, plan, context);
  switch (event.type) {
    case "row":
      return convertRow(event, plan.settings, context);
    case "audience":
      return convertAudience(event, plan, context);
    default:
      return convertOwnBatch(event as BatchMessageEvent, plan.settings, context);
  }
}

/**
 * A call with the rule of the feed's mapping that names it; undefined: a batch, row or audience, for which it has none.
 *
 * @param isRead - Values beside the mapping's are read from the event too.
 */
function mappedCall(event: PartnerEvent, plan: MappingPlan, isRead: boolean): MappedCall | undefined {
  if (!isCall(event)) return undefined;
  const scope = plan.isStandard && !isRead ? NO_SCOPE : scopeOf(event);
  return { event, scope, rule: plan.ruleOf(event, scope) };
}

/** Of the rule that the feed's mapping has for an event, as people know it; undefined: none names it. */
export function ruleLabelOf(event: PartnerEvent, feed: Feed): string | undefined {
  if (event.type === "row")
    return Object.hasOwn(feed.rows, event.model) ? `row model ${event.model}` : undefined;
  return mappedCall(event, planOf(feed.mapping), false)?.rule?.label;
}
