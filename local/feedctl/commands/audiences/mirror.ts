import { Command } from "@commander-js/extra-typings";
import { keyOf, type Member, mirrorAudience } from "../../../../shared/core/audiences/mirror-audience.ts";
import type { AudienceEvent } from "../../../../shared/core/message.schema.ts";
import { UsageError } from "../../../start/usage-error.ts";
import { feedId, tenantId } from "../../input/ids.ts";
import { openTable } from "../../input/read-table.ts";
import { delimiterOption, tableOptions } from "../../input/table-options.ts";
import { createQueue } from "../../queue/create-queue.ts";
import { EventSender } from "../../queue/event-sender.ts";
import { queueUrlOf } from "../../queue/queue-url.ts";
import type { Session } from "../../session.ts";

const HELP = `
Both files are CSV, or NDJSON by their names, with columns user_id (or
customer_id), anonymous_id, email and phone. Who is in the first only joins, who
is in the second only leaves. Keep the file of members: it is the next one's
--previous, once this one was sent without failures; until then the same command
may be repeated. Both are read into memory. The feed keeps an attribute for each
audience. One that requires consent filters all who join, since the files tell
none; who leaves needs none.`;

export const mirrorMembers = (session: Session) =>
  new Command("mirror")
    .description("Send what changed between the former and the present members of an audience.")
    .requiredOption("--tenant <id>", "the tenant", tenantId)
    .option("--feed <id>", "the feed (default: the tenant's default)", feedId)
    .requiredOption("--audience <name>", "the audience")
    .requiredOption("--members <file>", "all present members")
    .option("--previous <file>", "all members of last time")
    .option("--first", "there is no last time")
    .option("--max-removed <share>", "stop where more than this share would leave", share, 0.2)
    .addOption(delimiterOption())
    .option("--queue-url <url>", "the ingest queue (default: FEEDCTL_QUEUE_URL, or the stage's)")
    .option("--dry-run", "tell what would be sent, and send nothing")
    .addHelpText("after", HELP)
    .action(async (options) => {
      const {
        tenant,
        feed,
        audience,
        members,
        previous,
        first = false,
        maxRemoved,
        dryRun = false,
        delimiter,
      } = options;
      if ((previous === undefined) !== first)
        throw new UsageError("say --previous FILE; or --first, the first time");
      const mirror = mirrorAudience(
        previous === undefined ? [] : await membersIn(previous, delimiter, session),
        await membersIn(members, delimiter, session),
        { audience, maxRemovedShare: maxRemoved, atMs: session.world.nowMs() },
      );
      if (mirror.kind === "stopped")
        throw new UsageError(
          `${mirror.removed} of ${mirror.former} members would leave, more than --max-removed allows: nothing was sent. Is ${members} complete?`,
        );
      const { added, removed } = mirror;
      const queue = dryRun ? undefined : await createQueue(queueUrlOf(options.queueUrl, session), session);
      let invalid = 0;
      const address = { tenantId: tenant, ...(feed !== undefined && { feedId: feed }) };
      const sender = new EventSender(address, queue, () => invalid++);
      const progress = session.progress();
      const events = [...added, ...removed];
      const byPhone = events.filter(isNamedByPhoneAlone).length;
      if (byPhone > 0)
        session.note(
          `${byPhone} are named by a phone number alone: a feed takes them with mapping.phoneAsIdentity=true, and rejects them without.`,
        );
      for (const [i, event] of events.entries()) {
        session.world.interrupted.throwIfAborted();
        if (await sender.add(event, i + 1)) progress.update(i / events.length, `${sender.counts.sent} sent`);
      }
      await sender.flush();
      progress.stop();
      const { sent, failed } = sender.counts;
      if (failed + invalid > 0) session.found();
      const summary = {
        added: added.length,
        removed: removed.length,
        sent: dryRun ? 0 : sent,
        failed: failed + invalid,
      };
      session.answer(undefined, summary, () =>
        dryRun
          ? `${added.length} would join, ${removed.length} would leave. Nothing was sent.\n`
          : `${added.length} join, ${removed.length} leave: ${sent} sent, ${summary.failed} failed\n`,
      );
    });

function isNamedByPhoneAlone({ userId, anonymousId, traits }: AudienceEvent): boolean {
  return userId === undefined && anonymousId === undefined && !(traits && "email" in traits);
}

/** `20%` or `0.2`. */
function share(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits) / (percent === "%" ? 100 : 1);
  if (value >= 0 && value <= 1) return value;
  throw new UsageError("--max-removed must be a share such as 20% or 0.2");
}

/** By the columns' names in lower case. */
const COLUMNS: Readonly<Record<string, keyof Member>> = {
  user_id: "userId",
  userid: "userId",
  customer_id: "userId",
  anonymous_id: "anonymousId",
  anonymousid: "anonymousId",
  email: "email",
  phone: "phone",
  mobile_number: "phone",
};

/** @throws {UsageError} for a line that names nobody: half a list must not make people leave. */
async function membersIn(file: string, delimiter: string | undefined, { world }: Session): Promise<Member[]> {
  const format = /\.(ndjson|jsonl)$/i.test(file) ? "ndjson" : "csv";
  const options = tableOptions(file, { format, delimiter: format === "csv" ? delimiter : undefined });
  const table = await openTable(file, world.stdin, options);
  const members: Member[] = [];
  for await (const row of table.rows) {
    if ("problem" in row) throw new UsageError(`${file}: line ${row.line} ${row.problem}`);
    const member: { -readonly [Key in keyof Member]: Member[Key] } = {};
    for (const [column, value] of Object.entries(row.values)) {
      const field = COLUMNS[column.trim().toLowerCase()];
      if (field && (typeof value === "string" || typeof value === "number") && String(value).trim() !== "")
        member[field] = String(value).trim();
    }
    if (keyOf(member) === undefined) throw new UsageError(`${file}: line ${row.line} names nobody`);
    members.push(member);
  }
  return members;
}
