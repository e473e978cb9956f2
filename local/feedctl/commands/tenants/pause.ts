import { Command } from "@commander-js/extra-typings";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showTenant } from "../../show/tenants.ts";

export const pauseTenant = (session: Session) =>
  new Command("pause")
    .description("Hold a tenant's events from now on.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .action(async (tenantId) => {
      const { body } = await session.api().pauseTenant({ params: { tenantId } });
      session.answer("pauseTenant", body, showTenant);
    });
