import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import { readKeys } from "../../input/keys.ts";
import type { Session } from "../../session.ts";
import { keysFields } from "../../show/feeds.ts";
import { showVerification } from "../../show/verification.ts";
import { formatFields } from "../../terminal/field-list.ts";

const HELP = `
Keys are read from standard input, as {"apiKey": "…", "apiSecret": "…"} or as
two lines, key first. On a terminal they are asked for, and not shown. They are
never taken as arguments: every user of a machine can read those.

Examples:
  feedctl credentials put acme default
  feedctl credentials put acme default < keys.json
  pass show acme/mparticle | feedctl credentials put acme default`;

export const putCredentials = (session: Session) =>
  new Command("put")
    .description(
      "Store or rotate a feed's keys. mParticle tests them first; what it does not accept is not stored. Keys that are replaced " +
        "are kept until the new ones have delivered.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .addHelpText("after", HELP)
    .action(async (tenantId, feedId) => {
      const api = session.api();
      const keys = await readKeys(session.person);
      const { body } = await api.putCredentials({ params: { tenantId, feedId }, body: keys });
      session.answer(
        "putCredentials",
        body,
        ({ credentials, verification }, paper) =>
          `${formatFields(keysFields({ ...credentials, verification: undefined }), paper)}\n${showVerification(verification, paper)}`,
      );
    });
