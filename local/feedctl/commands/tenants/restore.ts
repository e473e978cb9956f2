import { Command } from "@commander-js/extra-typings";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showTenant } from "../../show/tenants.ts";

export const restoreTenant = (session: Session) =>
  new Command("restore")
    .description("End a tenant's deletion: it is again what it was before.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .action(async (tenantId) => {
      const { body } = await session.api().restoreTenant({ params: { tenantId } });
      session.answer("restoreTenant", body, showTenant);
    });
