import type { LinkRecord } from "../core/onboarding/link-record.schema.ts";
import type { ConnectLinks } from "../ports-onboarding.ts";

/** Links read at once. */
const PAGE = 100;

/** All connect links of a tenant, by id. */
export async function* linksOf(
  tenantId: string,
  links: Pick<ConnectLinks, "list">,
): AsyncGenerator<LinkRecord> {
  let after: string | undefined;
  do {
    const page = await links.list(tenantId, { limit: PAGE, after });
    yield* page.entries;
    after = page.next;
  } while (after !== undefined);
}
