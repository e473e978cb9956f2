import { Command } from "@commander-js/extra-typings";
import { feedId, mappingVersion, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";
import { noteRemarks } from "../../show/remarks.ts";

export const restoreMapping = (session: Session) =>
  new Command("restore")
    .description("Give a feed a mapping again that it had, as a new version.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .argument("<version>", "as mappings list shows it", mappingVersion)
    .action(async (tenantId, feedId, version) => {
      const { body } = await session.api().restoreMapping({ params: { tenantId, feedId, version } });
      noteRemarks(session, body);
      session.answer("restoreMapping", body, showFeed);
    });
