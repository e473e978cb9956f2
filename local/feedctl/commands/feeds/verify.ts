import { Command } from "@commander-js/extra-typings";
import { feedId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showVerification } from "../../show/verification.ts";

export const verifyFeed = (session: Session) =>
  new Command("verify")
    .description(
      "Test a feed's stored keys against mParticle, by a development batch with a marked event and an invented user. " +
        "Exit code 7 where they are not accepted.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .action(async (tenantId, feedId) => {
      const { body } = await session.api().verifyFeed({ params: { tenantId, feedId } });
      if (body.verification.outcome !== "accepted") session.found();
      session.answer("verifyFeed", body, ({ verification }, paper) => showVerification(verification, paper));
    });
