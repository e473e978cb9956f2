import { Command } from "@commander-js/extra-typings";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showTenant } from "../../show/tenants.ts";

export const readTenant = (session: Session) =>
  new Command("show")
    .description("Show a tenant.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .action(async (tenantId) => {
      const { body } = await session.api().getTenant({ params: { tenantId } });
      session.answer("getTenant", body, showTenant);
    });
