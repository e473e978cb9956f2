import type { TenantPage, TenantRegistry } from "../../shared/ports-onboarding.ts";

/** Tenants read at once. */
const PAGE = 100;

/**
 * All tenants once, page by page: those behind a place in their list first, then those up to it.
 *
 * @param place - Id of a tenant, which need not be there any more. Undefined: from the beginning.
 */
export async function* tenantsInTurn(
  place: string | undefined,
  registry: Pick<TenantRegistry, "tenants">,
): AsyncGenerator<Omit<TenantPage, "next">> {
  yield* pages(place, registry);
  if (place === undefined) return;
  for await (const { entries, unreadable } of pages(undefined, registry, place))
    yield {
      entries: entries.filter(({ tenantId }) => tenantId <= place),
      unreadable: new Map(Array.from(unreadable).filter(([tenantId]) => tenantId <= place)),
    };
}

/** @param to - Nothing is read behind the page in which this is. */
async function* pages(
  from: string | undefined,
  registry: Pick<TenantRegistry, "tenants">,
  to?: string,
): AsyncGenerator<TenantPage> {
  let after = from;
  do {
    const page = await registry.tenants({ limit: PAGE, after });
    yield page;
    after = page.next;
  } while (after !== undefined && (to === undefined || after < to));
}
