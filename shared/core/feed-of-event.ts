import { platformOf } from "./convert/platform.ts";
import type { PartnerEvent } from "./message.schema.ts";
import type { Feed, Platform } from "./tenant.schema.ts";

/** A stored feed that this version cannot read: nothing can be sent to it, and what is its own goes nowhere else. */
export interface UnreadableFeed {
  readonly feedId: string;
  /** Those that could be read. */
  readonly platforms: readonly Platform[];
  /** Whether it may take platforms that could not be read. */
  readonly mayTakeOthers: boolean;
}

/** A tenant's feeds, as far as they decide whose an event is. */
export interface FeedChoice {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly unreadable: readonly UnreadableFeed[];
}

/**
 * The feed for an event whose message names none: the one that takes its platform, else `default`. Undefined: the tenant has
 * neither, or it is or may be that of a feed that cannot be read, which may be another workspace's.
 */
export function feedOfEvent(event: PartnerEvent, { feeds, unreadable }: FeedChoice): Feed | undefined {
  const platform = platformOf(event);
  if (platform) {
    if (unreadable.some(({ platforms }) => platforms.includes(platform))) return undefined;
    for (const feed of feeds.values()) if (feed.platforms.includes(platform)) return feed;
    if (unreadable.some(({ mayTakeOthers }) => mayTakeOthers)) return undefined;
  }
  return feeds.get("default");
}
