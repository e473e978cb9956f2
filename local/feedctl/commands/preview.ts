import { Command, Option } from "@commander-js/extra-typings";
import type { z } from "zod";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import {
  MAX_PREVIEW_EVENTS,
  type PreviewAnswer,
  type StoredFeedPreviewInputSchema,
} from "../../../shared/api/preview.schema.ts";
import { readDataPlan, withPlanFindings } from "../../data-plan/check-data-plan.ts";
import { UsageError } from "../../start/usage-error.ts";
import { previewInParts } from "../api/preview-in-parts.ts";
import { assign, fieldsHelp } from "../input/assignments.ts";
import { type EventGroup, eventsIn } from "../input/events.ts";
import { each, feedId, tenantId } from "../input/ids.ts";
import { instant } from "../input/instants.ts";
import { LeftOut } from "../input/left-out.ts";
import { eventSource, rowSource } from "../input/preview-source.ts";
import { readAll } from "../input/read-all.ts";
import { readFile } from "../input/read-file.ts";
import { openTable } from "../input/read-table.ts";
import {
  delimiterOption,
  formatOption,
  type GivenTableOptions,
  nullOption,
  tableOptions,
} from "../input/table-options.ts";
import { PreviewCollection } from "../preview-collection.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import { noteRemarks } from "../show/remarks.ts";

const HELP = `
The file holds one JSON document a line, an event or a queue message; with
--rows, rows as feedctl rows send takes them. "-" is standard input. With
--tenant, messages of other tenants and for other feeds are left out. Exit code
7 where an event would be rejected, or is left out: a line that is neither
event, message nor row, or what the API cannot read.

The API takes up to ${MAX_PREVIEW_EVENTS} events at once, so that larger files
are asked for in parts. Events are merged into batches, and told to be
duplicates, within their part only: on the way there may be fewer batches.

Examples:
  feedctl preview events.ndjson --tenant acme --feed default
  feedctl preview events.ndjson --set mapping.preset=datafly --batches
  feedctl preview orders.csv --rows orders --tenant acme --summary
  feedctl preview orders.csv --rows orders --set rows=@row-models.json
${fieldsHelp(FeedSettingsSchema)}`;

type Asked = z.input<typeof StoredFeedPreviewInputSchema>;

export const preview = (session: Session) =>
  new Command("preview")
    .description("Show what would become of events: batches, routes and findings. Nothing is sent.")
    .argument("<file>", "events or queue messages, one JSON document a line; or rows")
    .option("--tenant <id>", "for a feed of this tenant, as it is stored", tenantId)
    .option("--feed <id>", "the feed (default: default)", feedId)
    .option(
      "--set <field=value>",
      "for a feed of these settings, which need not be stored; may be given again",
      each(String),
    )
    .option("--rows <model>", "the file holds rows of this row model of the feed")
    .addOption(formatOption())
    .addOption(delimiterOption())
    .addOption(nullOption())
    .addOption(
      new Option("--mode <mode>", "how old events may be, where no message says").choices([
        "auto",
        "live",
        "historical",
      ] as const),
    )
    .option("--sent-at <instant>", "the time of sending (default: now)")
    .option(
      "--data-plan <file>",
      "check the batches against this version of a data plan, as mParticle exports it",
    )
    .option("--batches", "show the batches as they would be sent")
    .addOption(
      new Option("--summary", "count findings, and show neither events nor batches").conflicts("batches"),
    )
    .addHelpText("after", HELP)
    .action(async (file, options) => {
      const {
        tenant,
        feed = "default",
        set,
        rows,
        mode,
        sentAt,
        dataPlan,
        batches = false,
        summary = false,
      } = options;
      const plan = dataPlan === undefined ? undefined : readDataPlan(readFile(dataPlan));
      const ask = previewer(
        session,
        tenant === undefined ? undefined : { tenantId: tenant, feedId: feed },
        set,
      );
      const by = rows === undefined ? "event" : "line";
      const leftOut = new LeftOut(by);
      const source =
        rows === undefined
          ? eventSource(
              meant(
                eventsIn(await input(file, options, session), leftOut.addLine),
                { tenant, feed },
                session,
              ),
              mode,
            )
          : rowSource(
              await openTable(file, session.world.stdin, tableOptions(file, options)),
              { model: rows, mode },
              leftOut,
            );
      const rest = sentAt !== undefined && { sentAt: instant("--sent-at", sentAt, session.world.nowMs()) };
      const collection = new PreviewCollection({ isSummary: summary, by });
      await previewInParts(source, session, {
        ask: ({ events, mode }) => ask({ events, ...rest, ...(mode !== undefined && { mode }) }),
        take: async (asked, numbers) => {
          const answer = plan ? await withPlanFindings(asked, plan) : asked;
          if (collection.events.total === 0) noteRemarks(session, answer);
          collection.add(answer, numbers);
        },
        refuse: leftOut.add,
      });
      const { total, rejected } = collection.events;
      if (total === 0 && leftOut.count === 0)
        throw new UsageError(leftOut.brokenOff ?? "there is no row in it");
      for (const line of leftOut.told()) session.note(line);
      if (leftOut.count > 0 || rejected > 0) session.found();
      session.answer(
        summary ? undefined : "preview",
        { ...collection.document(), ...leftOut.document() },
        (_, paper) => collection.show({ withBatches: batches }, paper),
      );
      // What was read before is worth an answer all the same.
      if (leftOut.brokenOff !== undefined) throw new UsageError(leftOut.brokenOff);
    });

/** @throws {UsageError} for options that only rows have. */
async function input(file: string, options: GivenTableOptions, { world }: Session): Promise<string> {
  const given = (["format", "delimiter", "null"] as const).find((name) => options[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} is for rows: say --rows MODEL`);
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
