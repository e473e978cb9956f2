import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";

export const goLive = (session: Session) =>
  new Command("go-live")
    .description(
      "Send a feed's events to production. Its keys must be stored, and their latest test accepted.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .option("--yes", "do not ask")
    .action(async (tenantId, feedId, options) => {
      const api = session.api();
      await session.confirm(`Send the events of ${tenantId}/${feedId} to production?`, options);
      const { body } = await api.goLive({ params: { tenantId, feedId } });
      session.answer("goLive", body, showFeed);
    });
