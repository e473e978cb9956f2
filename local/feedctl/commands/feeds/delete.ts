import { Command } from "@commander-js/extra-typings";
import { OnboardingError } from "../../../../shared/client/onboarding-client.ts";
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
      const found = await api.getFeed({ params }).catch(ifUnreadable);
      const feed = found ? `${found.body.environment} feed ${feedId}` : `unreadable feed ${feedId}`;
      await session.confirm(`Delete the ${feed} of ${tenantId}, and its keys?`, options);
      await api.deleteFeed({ params, ...(found && { ifMatch: found.etag }) });
      session.answer(undefined, { ...params, deleted: true }, () => `${tenantId}/${feedId} is deleted\n`);
    });

/** Such a feed is deleted as any other. */
function ifUnreadable(error: unknown): undefined {
  if (!(error instanceof OnboardingError) || error.problem?.code !== "unreadable") throw error;
}
