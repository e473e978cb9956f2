import { Command } from "@commander-js/extra-typings";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeeds } from "../../show/feeds.ts";

export const listFeeds = (session: Session) =>
  new Command("list")
    .description("List a tenant's feeds, by id.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .action(async (tenantId) => {
      const { body } = await session.api().listFeeds({ params: { tenantId } });
      session.answer("listFeeds", body, showFeeds);
    });
