import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";
import { noteRemarks } from "../../show/remarks.ts";

export const readFeed = (session: Session) =>
  new Command("show")
    .description("Show a feed: its settings, and of its keys the fingerprint and dates.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .action(async (tenantId, feedId) => {
      const { body } = await session.api().getFeed({ params: { tenantId, feedId } });
      noteRemarks(session, body);
      session.answer("getFeed", body, showFeed);
    });
