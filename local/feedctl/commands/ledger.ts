import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../input/ids.ts";
import { INSTANTS_HELP } from "../input/instants.ts";
import { period } from "../input/period.ts";
import type { Session } from "../session.ts";
import { showLedger } from "../show/ledger.ts";

export const ledger = (session: Session) =>
  new Command("ledger")
    .description(
      "Show where a tenant's events are, by hour of sending and feed, and whether they add up. Exit code 7 where they do not.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--from <instant>", "first hour of sending", "24h")
    .option("--to <instant>", "last hour of sending, 7 days after the first at most", "now")
    .option("--feed <id>", "one feed only", feedId)
    .addHelpText("after", `\n${INSTANTS_HELP}`)
    .action(async (tenantId, options) => {
      const query = {
        ...period(options, session.world.nowMs()),
        ...(options.feed !== undefined && { feedId: options.feed }),
      };
      const { body } = await session.api().getLedger({ params: { tenantId }, query });
      if (!body.total.addsUp) session.found();
      session.answer("getLedger", body, showLedger);
    });
