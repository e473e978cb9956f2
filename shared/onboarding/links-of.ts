import type { ConnectLinks, LinkPage } from "../ports-onboarding.ts";

/** Links read at once. */
const PAGE = 100;

/** All connect links of a tenant, page by page. */
export async function* linksOf(
  tenantId: string,
  links: Pick<ConnectLinks, "list">,
): AsyncGenerator<LinkPage> {
  let after: string | undefined;
  do {
    const page = await links.list(tenantId, { limit: PAGE, after });
    yield page;
    after = page.next;
  } while (after !== undefined);
}
