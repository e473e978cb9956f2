import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";

export const deleteFeed = (session: Session) =>
  new Command("delete")
    .description(
      "Delete a feed at once, and its keys with a recovery window. Events that name it are held from then on.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .option("--yes", "do not ask")
    .action(async (tenantId, feedId, options) => {
      const api = session.api();
      const params = { tenantId, feedId };
      const { body, etag } = await api.getFeed({ params });
      await session.confirm(
        `Delete the ${body.environment} feed ${feedId} of ${tenantId}, and its keys?`,
        options,
      );
      await api.deleteFeed({ params, ifMatch: etag });
      session.answer(undefined, { ...params, deleted: true }, () => `${tenantId}/${feedId} is deleted\n`);
    });
