/**
 * One partner event to what it adds to its user's batch at mParticle. Pure: the same event in the same context is always
 * converted alike, wherever and how often that happens, so a redelivery cannot count twice.
 */
import type { Conversion } from "../contribution.ts";
import { finding } from "../finding.ts";
import type { PartnerEvent } from "../message.schema.ts";
import { convertCall } from "./convert-call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { trackRule } from "./event-table.ts";
import { filterRuleOf } from "./filter.ts";
import { convertOwnBatch } from "./own-batch.ts";

export type { ConvertContext } from "./convert-context.ts";

/**
 * Converts an event that passed the schema of the message contract. Whatever it holds below its top level, this does not
 * throw: what cannot be used is left out and reported as a finding, and only an event that names nobody, or somebody it
 * cannot name exactly, is rejected.
 */
export function convertEvent(event: PartnerEvent, context: ConvertContext): Conversion {
  const rule = event.type === "track" ? trackRule(event.event, context.feed.mapping.preset) : undefined;
  const filterRule = filterRuleOf(event, rule, context);
  if (filterRule !== undefined) {
    const findings = filterRule === "alias_unusable" ? [finding("alias_unusable")] : [];
    return { kind: "filtered", rule: filterRule, findings };
  }
  return event.type === "batch" ? convertOwnBatch(event, context) : convertCall(event, rule, context);
}
