import { Command } from "@commander-js/extra-typings";
import type { z } from "zod";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import type { PreviewAnswer, StoredFeedPreviewInputSchema } from "../../../shared/api/preview.schema.ts";
import { readDataPlan, withPlanFindings } from "../../data-plan/check-data-plan.ts";
import { UsageError } from "../../start/usage-error.ts";
import { joined, previewParts } from "../api/preview.ts";
import { assign, fieldsHelp } from "../input/assignments.ts";
import { type EventGroup, eventsIn } from "../input/events.ts";
import { each, feedId, tenantId } from "../input/ids.ts";
import { instant } from "../input/instants.ts";
import { readAll } from "../input/read-all.ts";
import { readFile } from "../input/read-file.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import { showPreview } from "../show/preview.ts";

const HELP = `
The file holds one JSON document a line, an event or a queue message; "-" is standard input. With
--tenant, messages of other tenants and for other feeds are left out. Exit code 7 where an event would be
rejected.

Examples:
  feedctl preview events.ndjson --tenant acme --feed default
  feedctl preview events.ndjson --set mapping.preset=datafly --batches
${fieldsHelp(FeedSettingsSchema)}`;

type Asked = z.input<typeof StoredFeedPreviewInputSchema>;

export const preview = (session: Session) =>
  new Command("preview")
    .description("Show what would become of events: batches, routes and findings. Nothing is sent.")
    .argument("<file>", "events or queue messages, one JSON document a line")
    .option("--tenant <id>", "for a feed of this tenant, as it is stored", tenantId)
    .option("--feed <id>", "the feed (default: default)", feedId)
    .option(
      "--set <field=value>",
      "for a feed of these settings, which need not be stored; may be given again",
      each(String),
    )
    .option("--sent-at <instant>", "the time of sending (default: now)")
    .option(
      "--data-plan <file>",
      "check the batches against this version of a data plan, as mParticle exports it",
    )
    .option("--batches", "show the batches as they would be sent")
    .addHelpText("after", HELP)
    .action(async (file, { tenant, feed = "default", set, sentAt, dataPlan, batches = false }) => {
      const plan = dataPlan === undefined ? undefined : readDataPlan(await readFile(dataPlan));
      const ask = previewer(
        session,
        tenant === undefined ? undefined : { tenantId: tenant, feedId: feed },
        set,
      );
      const groups = meant(eventsIn(await input(file, session)), { tenant, feed }, session);
      const rest = sentAt !== undefined && { sentAt: instant("--sent-at", sentAt, session.world.nowMs()) };
      const answers: PreviewAnswer[] = [];
      for (const { events, mode } of previewParts(groups))
        answers.push(await ask({ events, ...rest, ...(mode !== undefined && { mode }) }));
      if (answers.length > 1)
        session.note(
          `Asked in ${answers.length} parts: events of different parts are not merged here, and may be on the way.`,
        );
      const all = joined(answers);
      const whole = plan ? await withPlanFindings(all, plan) : all;
      if (whole.events.some(({ ending }) => ending === "rejected")) session.found();
      session.answer("preview", whole, (answer, paper) =>
        showPreview(answer, { withBatches: batches }, paper),
      );
    });

async function input(file: string, { world }: Session): Promise<string> {
  return file === "-" ? readAll(world.stdin, world.interrupted) : readFile(file);
}

/** Asks for a stored feed, or for settings. */
function previewer(
  session: Session,
  params: { readonly tenantId: string; readonly feedId: string } | undefined,
  set: readonly string[] | undefined,
): (asked: Asked) => Promise<PreviewAnswer> {
  const api = session.api();
  if (!params) {
    const feed = assign(FeedSettingsSchema, {}, set ?? []);
    return async (asked) => (await api.preview({ body: { ...asked, feed } })).body;
  }
  if (set)
    throw new UsageError("--tenant and --set exclude each other: the one takes a feed as it is stored");
  return async (asked) => (await api.previewFeed({ params, body: asked })).body;
}

/** Without messages that are for somebody else. */
function meant(
  groups: readonly EventGroup[],
  { tenant, feed }: { readonly tenant: string | undefined; readonly feed: string },
  session: Session,
): EventGroup[] {
  if (tenant === undefined) return [...groups];
  const kept = groups.filter(
    ({ tenantId = tenant, feedId = feed }) => tenantId === tenant && feedId === feed,
  );
  const left = groups.length - kept.length;
  if (left > 0) session.note(`Left out, for other tenants or feeds: ${counted(left, "message")}.`);
  if (kept.length === 0) throw new UsageError(`the file has nothing for ${tenant}/${feed}`);
  return kept;
}
