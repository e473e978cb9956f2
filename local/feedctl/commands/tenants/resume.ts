import { Command } from "@commander-js/extra-typings";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showTenant } from "../../show/tenants.ts";

export const resumeTenant = (session: Session) =>
  new Command("resume")
    .description("Deliver a tenant's events again, held ones first.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .action(async (tenantId) => {
      const { body } = await session.api().resumeTenant({ params: { tenantId } });
      session.answer("resumeTenant", body, showTenant);
    });
