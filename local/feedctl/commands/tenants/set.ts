import { Command } from "@commander-js/extra-typings";
import { type TenantSettings, TenantSettingsSchema } from "../../../../shared/api/tenant.schema.ts";
import { assign, fieldsHelp } from "../../input/assignments.ts";
import { tenantId } from "../../input/ids.ts";
import { settingsIn } from "../../input/settings.ts";
import type { Session } from "../../session.ts";
import { changes } from "../../show/leaves.ts";
import { showTenant } from "../../show/tenants.ts";

export const setTenant = (session: Session) =>
  new Command("set")
    .description(
      "Change fields of a tenant; the others stay. Whoever was faster is not overwritten: then run it again.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<fields...>", "FIELD=VALUE")
    .addHelpText("after", fieldsHelp(TenantSettingsSchema))
    .action(async (tenantId, fields) => {
      const api = session.api();
      const before = await api.getTenant({ params: { tenantId } });
      const settings = settingsIn(TenantSettingsSchema, before.body);
      const body = assign(TenantSettingsSchema, settings, fields) as Partial<TenantSettings>;
      const after = await api.putTenant({ params: { tenantId }, body, ifMatch: before.etag });
      const changed = changes(settings, settingsIn(TenantSettingsSchema, after.body));
      for (const line of changed.length > 0 ? changed : ["nothing changes"]) session.note(line);
      session.answer("putTenant", after.body, showTenant);
    });
