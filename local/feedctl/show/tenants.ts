import type { TenantAnswer, TenantList } from "../../../shared/api/tenant.schema.ts";
import { formatFields } from "../terminal/field-list.ts";
import type { Paper, Style } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { shownInstant } from "./instant.ts";

const STYLES: Readonly<Record<TenantAnswer["status"], Style>> = {
  active: "green",
  paused: "yellow",
  deleting: "red",
};

export function showTenant(tenant: TenantAnswer, paper: Paper): string {
  return formatFields(
    [
      ["tenant", tenant.tenantId],
      ["status", tenant.status, STYLES[tenant.status]],
      ["delete after", shownInstant(tenant.deleteAfter)],
      ["blockedEvents", tenant.blockedEvents.join(", ")],
      ["created", shownInstant(tenant.createdAt)],
      ["updated", shownInstant(tenant.updatedAt)],
    ],
    paper,
  );
}

export function showTenants({ tenants, unreadable = [] }: TenantList, paper: Paper): string {
  const broken = unreadable.map(
    ({ tenantId, problem }) => `${paper.paint("red", tenantId)} cannot be read: ${problem}\n`,
  );
  if (tenants.length === 0) return broken.join("") || "no tenants\n";
  const table = formatTable<TenantAnswer>(
    [
      { title: "tenant", value: ({ tenantId }) => tenantId },
      { title: "status", value: ({ status }) => status, style: ({ status }) => STYLES[status] },
      { title: "delete after", value: ({ deleteAfter }) => shownInstant(deleteAfter) },
      { title: "updated", value: ({ updatedAt }) => shownInstant(updatedAt) },
      { title: "blocked events", value: ({ blockedEvents }) => blockedEvents.join(", "), isProse: true },
    ],
    tenants,
    paper,
  );
  return table + broken.join("");
}
