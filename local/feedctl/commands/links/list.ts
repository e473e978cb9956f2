import { Command } from "@commander-js/extra-typings";
import { readPages } from "../../api/pages.ts";
import { tenantId } from "../../input/ids.ts";
import { limit } from "../../input/numbers.ts";
import type { Session } from "../../session.ts";
import { showLinks } from "../../show/links.ts";

export const listLinks = (session: Session) =>
  new Command("list")
    .description("List a tenant's connect links, without what opens them.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .option("--limit <count>", "most links (default: all of them)", limit)
    .action(async (tenantId, options) => {
      const api = session.api();
      const { entries: links, ...more } = await readPages(options.limit, async (query) => {
        const { body } = await api.listConnectLinks({ params: { tenantId }, query });
        return { entries: body.links, next: body.next };
      });
      session.answer("listConnectLinks", { links, ...more }, showLinks);
    });
