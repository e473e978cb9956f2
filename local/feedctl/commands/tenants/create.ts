import { Command } from "@commander-js/extra-typings";
import { type TenantSettings, TenantSettingsSchema } from "../../../../shared/api/tenant.schema.ts";
import { assign, fieldsHelp } from "../../input/assignments.ts";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showTenant } from "../../show/tenants.ts";

export const createTenant = (session: Session) =>
  new Command("create")
    .description("Create a tenant. One that exists already is left alone.")
    .argument("<tenant>", "the new tenant's id", tenantId)
    .argument("[fields...]", "FIELD=VALUE; what is left out takes its default")
    .addHelpText("after", fieldsHelp(TenantSettingsSchema))
    .action(async (tenantId, fields) => {
      const body = assign(TenantSettingsSchema, {}, fields) as Partial<TenantSettings>;
      const answer = await session.api().putTenant({ params: { tenantId }, body, ifNoneMatch: "*" });
      session.answer("putTenant", answer.body, showTenant);
    });
