import { Command } from "@commander-js/extra-typings";
import { FeedSettingsSchema } from "../../../../shared/api/feed.schema.ts";
import { assign, fieldsHelp } from "../../input/assignments.ts";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";
import { noteRemarks } from "../../show/remarks.ts";

export const createFeed = (session: Session) =>
  new Command("create")
    .description(
      "Create a feed. It begins in development, and without keys. One that exists already is left alone.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the new feed's id", feedId)
    .argument("[fields...]", "FIELD=VALUE; what is left out takes its default")
    .addHelpText("after", fieldsHelp(FeedSettingsSchema))
    .action(async (tenantId, feedId, fields) => {
      const body = assign(FeedSettingsSchema, {}, fields);
      const answer = await session.api().putFeed({ params: { tenantId, feedId }, body, ifNoneMatch: "*" });
      noteRemarks(session, answer.body);
      session.answer("putFeed", answer.body, showFeed);
    });
