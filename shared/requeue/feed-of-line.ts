import { type FeedChoice, feedOfEvent } from "../core/feed-of-event.ts";
import type { PartnerEvent } from "../core/message.schema.ts";
import type { ParkedLine } from "../core/parked-line.ts";
import type { Feed } from "../core/tenant.schema.ts";
import { checkEvent } from "../core/validators.ts";

/** The feed that an event parked under none would be given to now. Undefined: none of these, or it is no event of the contract. */
export function feedOfLine({ content }: ParkedLine, feeds: FeedChoice): Feed | undefined {
  if (content.kind !== "event") return undefined;
  const event: unknown = JSON.parse(content.text);
  return checkEvent(event) ? undefined : feedOfEvent(event as PartnerEvent, feeds);
}
