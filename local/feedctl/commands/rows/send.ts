import { Command, Option } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import { wholeNumber } from "../../input/numbers.ts";
import { openTable } from "../../input/read-table.ts";
import { delimiterOption, formatOption, nullOption, tableOptions } from "../../input/table-options.ts";
import { createQueue } from "../../queue/create-queue.ts";
import { EventSender } from "../../queue/event-sender.ts";
import { queueUrlOf } from "../../queue/queue-url.ts";
import type { Session } from "../../session.ts";
import { counted } from "../../show/counted.ts";

const HELP = `
CSV has the columns' names in its first line; an empty cell without quotes is
null. NDJSON has an object a line. "-" is standard input. Rows go on the ingest
queue, not through the API; old ones are better sent to the backfill queue. What
the feed's row model makes of them, feedctl preview --rows MODEL tells before,
feedctl rejected after. Exit code 7 where a line was no row or could not be
sent. Where one cannot be told from the next, sending stops: mend it and go on.

Examples:
  feedctl rows send customers.csv --model customers --tenant acme --stage dev
  feedctl rows send - --format ndjson --model orders --tenant acme < new.ndjson`;

/** Lines that are told; all are counted. */
const MAX_TOLD = 20;

export const sendRows = (session: Session) =>
  new Command("send")
    .description("Send the rows of a CSV or NDJSON file of any size to a tenant's feed.")
    .argument("<file>", "the file, or - for standard input")
    .requiredOption("--model <name>", "the row model of the feed")
    .requiredOption("--tenant <id>", "the tenant", tenantId)
    .option("--feed <id>", "the feed (default: the tenant's default)", feedId)
    .option("--queue-url <url>", "the ingest queue (default: FEEDCTL_QUEUE_URL, or the stage's)")
    .addOption(formatOption())
    .addOption(
      new Option("--mode <mode>", "how old rows may be").choices(["auto", "live", "historical"] as const),
    )
    .addOption(delimiterOption())
    .addOption(nullOption())
    .option("--from-line <number>", "leave out what is before this line", (text) =>
      wholeNumber("--from-line", text),
    )
    .option("--dry-run", "read the file, and send nothing")
    .addHelpText("after", HELP)
    .action(async (file, options) => {
      const { model, tenant, feed, mode, fromLine = 1, dryRun = false } = options;
      const table = await openTable(file, session.world.stdin, tableOptions(file, options));
      const queue = dryRun ? undefined : await createQueue(queueUrlOf(options.queueUrl, session), session);
      const invalid: { line: number; problem: string }[] = [];
      let [read, invalidCount, lastLine] = [0, 0, 0];
      const refuse = (line: number, problem: string) => {
        invalidCount++;
        if (invalid.length < MAX_TOLD) invalid.push({ line, problem });
      };
      const address = {
        tenantId: tenant,
        ...(feed !== undefined && { feedId: feed }),
        ...(mode && { mode }),
      };
      const sender = new EventSender(address, queue, refuse);
      const progress = session.progress();
      try {
        for await (const row of table.rows) {
          session.world.interrupted.throwIfAborted();
          if (row.line < fromLine) continue;
          read++;
          if ("problem" in row) refuse(row.line, row.problem);
          else if (
            await sender.add({ type: "row", model, values: row.values, position: row.line }, row.line)
          ) {
            lastLine = row.line;
            progress.update(table.share() ?? 0, `${counted(sender.counts.sent, "row")} sent`);
          }
        }
        await sender.flush();
      } catch (error) {
        progress.stop();
        session.note(
          `Sent: ${counted(sender.counts.sent, "row")}. To go on: the same with --from-line ${lastLine + 1}`,
        );
        throw error;
      }
      progress.stop();
      const { sent, failed, reasons } = sender.counts;
      if (invalidCount > 0 || failed > 0) session.found();
      const summary = {
        read,
        sent,
        invalid: invalidCount,
        failed,
        invalidLines: invalid,
        reasons: Object.fromEntries(reasons),
      };
      session.answer(undefined, summary, () => shown(summary, dryRun));
    });

interface Summary {
  readonly read: number;
  readonly sent: number;
  readonly invalid: number;
  readonly failed: number;
  readonly invalidLines: readonly { readonly line: number; readonly problem: string }[];
  readonly reasons: Readonly<Record<string, number>>;
}

function shown({ read, sent, invalid, failed, invalidLines, reasons }: Summary, dryRun: boolean): string {
  const lines = [
    `${counted(read, "row")} read: ${sent} ${dryRun ? "could be sent" : "sent"}, ${invalid} invalid, ${failed} failed`,
    ...invalidLines.map(({ line, problem }) => `  line ${line} ${problem}`),
    ...(invalid > invalidLines.length ? [`  and ${invalid - invalidLines.length} more`] : []),
    ...Object.entries(reasons).map(([reason, count]) => `  ${count} failed: ${reason}`),
    ...(dryRun ? ["Nothing was sent."] : []),
  ];
  return `${lines.join("\n")}\n`;
}
