import { Command } from "@commander-js/extra-typings";
import { readPages } from "../api/pages.ts";
import { tenantId } from "../input/ids.ts";
import { limit } from "../input/numbers.ts";
import type { Session } from "../session.ts";
import { showAudit } from "../show/audit.ts";

const DEFAULT_LIMIT = 50;

export const audit = (session: Session) =>
  new Command("audit")
    .description("Show who changed what of a tenant, latest first.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--limit <count>", "most entries", limit, DEFAULT_LIMIT)
    .action(async (tenantId, options) => {
      const api = session.api();
      const { entries, ...more } = await readPages(options.limit, async (query) => {
        const { body } = await api.listAudit({ params: { tenantId }, query });
        return body;
      });
      session.answer("listAudit", { entries, ...more }, showAudit);
      if (more.next !== undefined) session.note(`There are older entries: raise --limit to see them.`);
    });
