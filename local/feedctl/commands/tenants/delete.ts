import { Command } from "@commander-js/extra-typings";
import { tenantId } from "../../input/ids.ts";
import type { Session } from "../../session.ts";
import { showTenant } from "../../show/tenants.ts";

export const deleteTenant = (session: Session) =>
  new Command("delete")
    .description(
      "Begin to delete a tenant: its events are held from now on, and after a grace period it is removed with its feeds, " +
        "its keys and what is parked of it. Until then, tenants restore brings it back.",
    )
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--yes", "do not ask")
    .action(async (tenantId, options) => {
      const api = session.api();
      const { etag } = await api.getTenant({ params: { tenantId } });
      await session.confirm(`Delete the tenant ${tenantId} with all of its feeds and keys?`, options);
      const { body } = await api.deleteTenant({ params: { tenantId }, ifMatch: etag });
      session.answer("deleteTenant", body, showTenant);
    });
