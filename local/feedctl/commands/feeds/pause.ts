import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";

export const pauseFeed = (session: Session) =>
  new Command("pause")
    .description("Hold a feed's events from now on.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .action(async (tenantId, feedId) => {
      const { body } = await session.api().pauseFeed({ params: { tenantId, feedId } });
      session.answer("pauseFeed", body, showFeed);
    });
