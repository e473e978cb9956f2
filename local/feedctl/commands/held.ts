import { Command } from "@commander-js/extra-typings";
import { readCounts } from "../api/parked-counts.ts";
import { feedId, tenantId } from "../input/ids.ts";
import { INSTANTS_HELP } from "../input/instants.ts";
import { period } from "../input/period.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import { showParked } from "../show/parked.ts";

export const held = (session: Session) =>
  new Command("held")
    .description("Count a tenant's held events by hour, feed and cause. Events themselves are never shown.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--from <instant>", "held at or after this", "24h")
    .option("--to <instant>", "held before this", "now")
    .option("--feed <id>", "one feed only", feedId)
    .option("--code <code>", "one cause only")
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
          const answer = await api.listHeld({
            params: { tenantId },
            query: { ...query, ...(cursor && { cursor }) },
          });
          return answer.body;
        },
        ({ cause }) => cause,
      );
      session.answer("listHeld", found, ({ counts }, paper) =>
        showParked(
          counts.map(({ cause, ...count }) => ({ why: cause, ...count })),
          "held",
          "cause",
          paper,
        ),
      );
      if (found.unreadable > 0)
        session.note(
          `Could not be read: ${counted(found.unreadable, "object")}; the function's log has them.`,
        );
    });
