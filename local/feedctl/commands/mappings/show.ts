import { Command } from "@commander-js/extra-typings";
import { feedId, mappingVersion, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { noteRemarks } from "../../show/remarks.ts";

export const readMapping = (session: Session) =>
  new Command("show")
    .description("Print a mapping that a feed has or had, as a document.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .argument("<version>", "as mappings list shows it", mappingVersion)
    .addHelpText(
      "after",
      `
Examples:
  feedctl mappings show acme default 3 > mapping.json
  feedctl feeds set acme default mapping=@mapping.json`,
    )
    .action(async (tenantId, feedId, version) => {
      const { body } = await session.api().getMapping({ params: { tenantId, feedId, version } });
      noteRemarks(session, body);
      session.answer("getMapping", body, ({ mapping }) => `${JSON.stringify(mapping, null, 2)}\n`);
    });
