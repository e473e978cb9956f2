import { platformOf } from "./convert/platform.ts";
import type { PartnerEvent } from "./message.schema.ts";
import type { Feed } from "./tenant.schema.ts";

/**
 * The feed for an event whose message names none: the one that takes its platform, else `default`. Undefined: the tenant has
 * neither, so that it cannot be told.
 */
export function feedOfEvent(event: PartnerEvent, feeds: ReadonlyMap<string, Feed>): Feed | undefined {
  const platform = platformOf(event);
  if (platform) for (const feed of feeds.values()) if (feed.platforms.includes(platform)) return feed;
  return feeds.get("default");
}
