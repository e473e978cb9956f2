import { Command } from "@commander-js/extra-typings";
import { FeedSettingsSchema } from "../../../../shared/api/feed.schema.ts";
import { assign, fieldsHelp } from "../../input/assignments.ts";
import { feedId, tenantId } from "../../input/ids.ts";
import { settingsIn } from "../../input/settings.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";
import { changes } from "../../show/leaves.ts";
import { noteRemarks } from "../../show/remarks.ts";

export const setFeed = (session: Session) =>
  new Command("set")
    .description(
      "Change fields of a feed; the others stay. Whoever was faster is not overwritten: then run it again.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .argument("<fields...>", "FIELD=VALUE, for example pod=eu1 platforms=iOS,Android")
    .addHelpText("after", fieldsHelp(FeedSettingsSchema))
    .action(async (tenantId, feedId, fields) => {
      const api = session.api();
      const params = { tenantId, feedId };
      const before = await api.getFeed({ params });
      const settings = settingsIn(FeedSettingsSchema, before.body);
      // Left out, it stays: only go-live leads to production.
      const { environment: _, ...others } = settings;
      const body = assign(FeedSettingsSchema, others, fields);
      const after = await api.putFeed({ params, body, ifMatch: before.etag });
      const changed = changes(settings, settingsIn(FeedSettingsSchema, after.body));
      for (const line of changed.length > 0 ? changed : ["nothing changes"]) session.note(line);
      noteRemarks(session, after.body);
      session.answer("putFeed", after.body, showFeed);
    });
