import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";

export const resumeFeed = (session: Session) =>
  new Command("resume")
    .description("Deliver a feed's events again, held ones first.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .action(async (tenantId, feedId) => {
      const { body } = await session.api().resumeFeed({ params: { tenantId, feedId } });
      session.answer("resumeFeed", body, showFeed);
    });
