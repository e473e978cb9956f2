import { Command } from "@commander-js/extra-typings";
import { DEFAULT_LINK_HOURS, MAX_LINK_HOURS } from "../../../../shared/api/connect-link.schema.ts";
import { each, feedId, tenantId } from "../../input/ids.ts";
import { wholeNumber } from "../../input/numbers.ts";
import type { Session } from "../../session.ts";
import { showNewLink } from "../../show/links.ts";

export const createLink = (session: Session) =>
  new Command("create")
    .description(
      "Create a link by which the customer enters keys, once. It is shown only now; whoever has it can store keys.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .requiredOption("--feed <id>", "a feed whose keys are asked for; may be given again", each(feedId))
    .option(
      "--hours <count>",
      `hours that it is valid, ${MAX_LINK_HOURS} at most (default: ${DEFAULT_LINK_HOURS})`,
      (text: string) => wholeNumber("--hours", text),
    )
    .option("--language <tag>", "in which the page speaks, where it can, for example en")
    .action(async (tenantId, { feed, hours, language }) => {
      const { body } = await session.api().createConnectLink({
        params: { tenantId },
        body: {
          feedIds: feed,
          ...(hours !== undefined && { expiresInHours: hours }),
          ...(language !== undefined && { language }),
        },
      });
      session.answer("createConnectLink", body, showNewLink);
    });
