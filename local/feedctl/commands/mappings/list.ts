import { Command } from "@commander-js/extra-typings";
import { readPages } from "../../api/pages.ts";
import { feedId, tenantId } from "../../input/ids.ts";
import { limit } from "../../input/numbers.ts";
import type { Session } from "../../session.ts";
import { showMappings } from "../../show/mappings.ts";

const DEFAULT_LIMIT = 20;

export const listMappings = (session: Session) =>
  new Command("list")
    .description("List the mappings that a feed has had, latest first.")
    .argument("<tenant>", "the tenant's id", tenantId)
    .argument("<feed>", "the feed's id", feedId)
    .option("--limit <count>", "most versions", limit, DEFAULT_LIMIT)
    .action(async (tenantId, feedId, options) => {
      const api = session.api();
      const { entries: mappings, ...more } = await readPages(options.limit, async (query) => {
        const { body } = await api.listMappings({ params: { tenantId, feedId }, query });
        return { entries: body.mappings, next: body.next };
      });
      session.answer("listMappings", { mappings, ...more }, showMappings);
    });
