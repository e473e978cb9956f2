import { Command } from "@commander-js/extra-typings";
import { FeedSettingsSchema } from "../../../../shared/api/feed.schema.ts";
import { assign, fieldsHelp } from "../../input/assignments.ts";
import { feedId, tenantId } from "../../input/ids.ts";
import { settingsIn } from "../../input/settings.ts";
import type { Session } from "../../session.ts";
import { showFeed } from "../../show/feeds.ts";
import { changes } from "../../show/leaves.ts";
import { noteRemarks } from "../../show/remarks.ts";

const REPLACE_HELP = `
With --replace nothing is read before, so that it mends a feed whose stored
settings cannot be read. Keys and status stay, and so does the environment where
it is not named; of what cannot be read of these, a wrong status is paused.`;

export const setFeed = (session: Session) =>
  new Command("set")
    .description(
      "Change fields of a feed; the others stay. Whoever was faster is not overwritten: then run it again.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .argument("<fields...>", "FIELD=VALUE, for example pod=eu1 platforms=iOS,Android")
    .option("--replace", "give all fields that are not named their defaults, instead of leaving them")
    .option("--yes", "do not ask, with --replace")
    .addHelpText("after", fieldsHelp(FeedSettingsSchema) + REPLACE_HELP)
    .action(async (tenantId, feedId, fields, options) => {
      const feed = { tenantId, feedId };
      const body = await (options.replace
        ? replaced(feed, fields, options, session)
        : changed(feed, fields, session));
      noteRemarks(session, body);
      session.answer("putFeed", body, showFeed);
    });

async function changed(params: FeedParams, fields: readonly string[], session: Session) {
  const api = session.api();
  const before = await api.getFeed({ params });
  const settings = settingsIn(FeedSettingsSchema, before.body);
  // Left out, it stays: only go-live leads to production.
  const { environment: _, ...others } = settings;
  const body = assign(FeedSettingsSchema, others, fields);
  const after = await api.putFeed({ params, body, ifMatch: before.etag });
  const lines = changes(settings, settingsIn(FeedSettingsSchema, after.body));
  for (const line of lines.length > 0 ? lines : ["nothing changes"]) session.note(line);
  return after.body;
}

async function replaced(
  params: FeedParams,
  fields: readonly string[],
  options: Parameters<Session["confirm"]>[1],
  session: Session,
) {
  const api = session.api();
  const body = assign(FeedSettingsSchema, {}, fields);
  await session.confirm(
    `Replace all settings of the feed ${params.feedId} of ${params.tenantId}, those that are not named by their defaults?`,
    options,
  );
  // A mistyped id is not to become a feed.
  return (await api.putFeed({ params, body, ifMatch: "*" })).body;
}

interface FeedParams {
  readonly tenantId: string;
  readonly feedId: string;
}
