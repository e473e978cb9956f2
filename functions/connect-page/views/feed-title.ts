import type { AskedFeed } from "../connect-link.ts";
import type { Messages } from "../messages.ts";

type FeedId = Pick<AskedFeed, "feedId" | "platforms">;

/** What a customer knows each feed by: its platforms. The feed's id is added where these alone would not tell two apart. */
export function feedTitles(feeds: readonly FeedId[], messages: Messages): ReadonlyMap<string, string> {
  const byPlatforms = feeds.map((feed) => platformsOf(feed, messages));
  return new Map(
    feeds.map(({ feedId }, i) => {
      const title = byPlatforms[i] ?? feedId;
      const isUnique = byPlatforms.filter((other) => other === title).length === 1;
      return [feedId, isUnique ? title : `${title} (${feedId})`];
    }),
  );
}

function platformsOf({ platforms }: FeedId, messages: Messages): string {
  return platforms.length === 0
    ? messages.allPlatforms
    : platforms.map((platform) => messages.platforms[platform]).join(", ");
}
