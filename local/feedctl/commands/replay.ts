import { Command } from "@commander-js/extra-typings";
import { type ReplaySlice, replay as replayAll } from "../api/replay.ts";
import { MAY_WORK_LATER } from "../exit-codes.ts";
import { failureOf } from "../failures.ts";
import { each, feedId, tenantId } from "../input/ids.ts";
import { INSTANTS_HELP } from "../input/instants.ts";
import { period } from "../input/period.ts";
import type { Session, World } from "../session.ts";
import { counted } from "../show/counted.ts";
import { shownInstant } from "../show/instant.ts";

const HELP = `
${INSTANTS_HELP}

The API does some seconds of it at a time, so it may be interrupted: what is
back on the queue has left the bucket, and a line tells how to go on.
Exit code 7 where some of it failed.`;

export const replay = (session: Session) =>
  new Command("replay")
    .description(
      "Put a tenant's rejected events back on their queue, after a mapping or a source was mended.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .requiredOption("--from <instant>", "rejected at or after this")
    .option("--to <instant>", "rejected before this", "now")
    .option("--feed <id>", "one feed only", feedId)
    .option("--code <code>", "only what was rejected for this reason; may be given again", each(String))
    .addHelpText("after", HELP)
    .action(async (tenantId, { feed, code, ...options }) => {
      const api = session.api();
      const { from, to } = period(options, session.world.nowMs());
      const progress = session.progress();
      const before: ReplaySlice = { events: 0, failures: 0, continueFrom: from };
      let at = before;
      try {
        const body = { to, ...(feed !== undefined && { feedId: feed }), ...(code && { codes: code }) };
        for await (at of replayAll(api, tenantId, { ...body, from }))
          progress.update(shareOf(at.continueFrom ?? to, { from, to }), progressText(at, to));
      } catch (error) {
        progress.stop();
        // What was refused at once would be refused again.
        if (at !== before || mayWorkLater(error, session.world)) {
          session.note(`Back on the queue: ${counted(at.events, "event")}. To go on:`);
          session.note(`  ${commandLine(tenantId, { from: at.continueFrom ?? from, to, feed, code })}`);
        }
        throw error;
      }
      progress.stop();
      const { events, failures } = at;
      if (failures > 0) session.found();
      session.answer(
        "replayRejected",
        { events, failures },
        () => `Back on the queue: ${counted(events, "event")}${failed(at)}\n`,
      );
    });

/** Whatever breaks when somebody asks to end, breaks by it. */
function mayWorkLater(error: unknown, { interrupted }: Pick<World, "interrupted">): boolean {
  const failure = failureOf(error, undefined);
  return interrupted.aborted || (failure !== undefined && MAY_WORK_LATER.has(failure.code));
}

function shareOf(instant: string, { from, to }: { readonly from: string; readonly to: string }): number {
  const start = Date.parse(from);
  return (Date.parse(instant) - start) / (Date.parse(to) - start);
}

function progressText(slice: ReplaySlice, to: string): string {
  return `${counted(slice.events, "event")}, up to ${shownInstant(slice.continueFrom ?? to)}${failed(slice)}`;
}

function failed({ failures }: ReplaySlice): string {
  return failures === 0 ? "" : `; ${counted(failures, "object")} failed, the function's log has them`;
}

/** The options that choose the API are left for the person to repeat: they know them. */
function commandLine(
  tenantId: string,
  {
    feed,
    code = [],
    from,
    to,
  }: { from: string; to: string; feed: string | undefined; code: string[] | undefined },
): string {
  const options = [
    ...(feed === undefined ? [] : ["--feed", feed]),
    ...code.flatMap((each) => ["--code", each]),
  ];
  return ["feedctl replay", tenantId, "--from", from, "--to", to, ...options.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
