import { Command } from "@commander-js/extra-typings";
import { readCounts } from "../api/parked-counts.ts";
import { feedId, tenantId } from "../input/ids.ts";
import { INSTANTS_HELP } from "../input/instants.ts";
import { period } from "../input/period.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import { showParked } from "../show/parked.ts";

export const rejected = (session: Session) =>
  new Command("rejected")
    .description(
      "Count a tenant's rejected events by hour, feed and code. Events themselves are never shown.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--from <instant>", "rejected at or after this", "24h")
    .option("--to <instant>", "rejected before this", "now")
    .option("--feed <id>", "one feed only", feedId)
    .option("--code <code>", "one code only")
    .addHelpText("after", `\n${INSTANTS_HELP}`)
    .action(async (tenantId, { feed, code, ...options }) => {
      const api = session.api();
      const query = {
        ...period(options, session.world.nowMs()),
        ...(feed !== undefined && { feedId: feed }),
        ...(code !== undefined && { code }),
      };
      const found = await readCounts(
        async (cursor) => {
          const answer = await api.listRejected({
            params: { tenantId },
            query: { ...query, ...(cursor && { cursor }) },
          });
          return answer.body;
        },
        ({ code }) => code,
      );
      session.answer("listRejected", found, ({ counts }, paper) =>
        showParked(
          counts.map(({ code, ...count }) => ({ why: code, ...count })),
          "rejected",
          "code",
          paper,
        ),
      );
      if (found.unreadable > 0)
        session.note(
          `Could not be read: ${counted(found.unreadable, "object")}; the function's log has them.`,
        );
    });
