import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showEventNames } from "../../show/event-names.ts";

export const readEventNames = (session: Session) =>
  new Command("event-names")
    .description(
      "Show how many different names the feed's events and screens have had. Exit code 7 from where an alarm warns of it.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .action(async (tenantId, feedId) => {
      const { body } = await session.api().getEventNames({ params: { tenantId, feedId } });
      if (body.state !== "fine") session.found();
      session.answer("getEventNames", body, showEventNames);
    });
