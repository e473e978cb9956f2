import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";

export const resetEventNames = (session: Session) =>
  new Command("reset-event-names")
    .description(
      "Count the names of the feed's events anew, once they are mended. Names that still come are counted again within an hour; mParticle's own count stays.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .option("--yes", "do not ask")
    .action(async (tenantId, feedId, options) => {
      const api = session.api();
      const params = { tenantId, feedId };
      await session.confirm(`Count the event names of ${tenantId}/${feedId} anew?`, options);
      await api.resetEventNames({ params });
      session.answer(
        undefined,
        { ...params, reset: true },
        () => `the event names of ${tenantId}/${feedId} are counted anew\n`,
      );
    });
