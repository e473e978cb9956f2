import { consentPlanOf } from "../consent/consent-plan.ts";
import { missingCategory } from "../consent/missing-category.ts";
import type { FilterRule } from "../contribution.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { MappingRule } from "../mapping/rule.ts";
import type { AliasEvent, PartnerEvent, SegmentEvent } from "../message.schema.ts";
import type { ConvertContext } from "./convert-context.ts";
import { isObject, isUuid, type Values } from "./reader.ts";
import { cutText } from "./text.ts";

/** UTF-16 units of a category in a rule's name. A feed has at most 50, so that there are few names to count by. */
const MAX_CATEGORY_LENGTH = 64;

/**
 * The first rule by which an event is not sent; undefined when none objects.
 *
 * @param rule - Of the feed's mapping, for an event that it names.
 */
export function filterRuleOf(
  event: PartnerEvent,
  rule: MappingRule | undefined,
  { unmapped }: MappingSettings,
  { tenant, feed }: ConvertContext,
): FilterRule | undefined {
  if (tenant.blockedEvents.length > 0 && isBlocked(event, tenant.blockedEvents)) return "blocked";
  if (isObject(event.integrations) && !isForMparticle(event.integrations)) return "integrations";
  if (feed.consent.required.length > 0) {
    const missing = missingCategory(event, consentPlanOf(feed.consent));
    if (missing !== undefined && !isLeaving(event)) return `consent:${cutText(missing, MAX_CATEGORY_LENGTH)}`;
  }
  if (rule?.isIgnored) return "ignored";
  if (!rule && unmapped === "drop" && isCall(event)) return "unmapped";
  if (event.type === "alias" && anonymousIdOf(event) === undefined) return "alias_unusable";
  return undefined;
}

/** Whether a mapping has rules for events of this type: it has none for batches, rows and audiences. */
export function isCall(event: PartnerEvent): event is SegmentEvent {
  return event.type !== "batch" && event.type !== "row" && event.type !== "audience";
}

/** Who leaves an audience withdraws, which needs no consent. */
function isLeaving(event: PartnerEvent): boolean {
  return event.type === "audience" && event.action === "remove";
}

/** Names match regardless of case, as those of the event table do. */
function isBlocked(event: PartnerEvent, blocked: readonly string[]): boolean {
  const name = event.type === "track" ? event.event.trim().toLowerCase() : event.type;
  return blocked.some((entry) => entry === event.type || entry.trim().toLowerCase() === name);
}

function isForMparticle(integrations: Values): boolean {
  const own = integrations["mParticle"] ?? integrations["mparticle"];
  return own === undefined || own === null ? integrations["All"] !== false : own !== false;
}

/**
 * The anonymous id that an alias joins to its user; undefined when a batch cannot express the alias. A former *user* id
 * would become another person's anonymous id, so it must show that it is anonymous: by being the event's `anonymousId`,
 * a UUID as Segment's libraries make them, or by its name.
 */
export function anonymousIdOf({ userId, anonymousId, previousId }: AliasEvent): string | number | undefined {
  if (userId === undefined || userId === null || userId === previousId) return undefined;
  const id = previousId ?? anonymousId;
  if (id === undefined || id === null) return undefined;
  const isAnonymous = id === anonymousId || (typeof id === "string" && (isUuid(id) || /^anon/i.test(id)));
  return isAnonymous ? id : undefined;
}
