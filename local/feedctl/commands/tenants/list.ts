import { Command } from "@commander-js/extra-typings";
import type { TenantList } from "../../../../shared/api/tenant.schema.ts";
import { readPages } from "../../api/pages.ts";
import { limit } from "../../input/numbers.ts";
import type { Session } from "../../session.ts";
import { showTenants } from "../../show/tenants.ts";

export const listTenants = (session: Session) =>
  new Command("list")
    .description("List tenants, by id.")
    .option("--limit <count>", "most tenants (default: all of them)", limit)
    .action(async (options) => {
      const api = session.api();
      const unreadable: NonNullable<TenantList["unreadable"]> = [];
      const { entries: tenants, ...more } = await readPages(options.limit, async (query) => {
        const { body } = await api.listTenants({ query });
        unreadable.push(...(body.unreadable ?? []));
        return { entries: body.tenants, next: body.next };
      });
      const told = { tenants, ...(unreadable.length > 0 && { unreadable }), ...more };
      session.answer("listTenants", told, showTenants);
    });
