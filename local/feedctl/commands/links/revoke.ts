import { Command } from "@commander-js/extra-typings";
import { linkId, tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";

export const revokeLink = (session: Session) =>
  new Command("revoke")
    .description("Revoke a connect link: it cannot be used any more.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<link>", "the link's id, as links list shows it", linkId)
    .option("--yes", "do not ask")
    .action(async (tenantId, linkId, options) => {
      const api = session.api();
      await session.confirm(`Revoke the connect link ${linkId} of ${tenantId}?`, options);
      await api.revokeConnectLink({ params: { tenantId, linkId } });
      session.answer(undefined, { tenantId, linkId, revoked: true }, () => `${linkId} is revoked\n`);
    });
