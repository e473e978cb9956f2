import { foundTenant } from "../../../shared/onboarding/change.ts";
import { nextOf, placeOf } from "../cursor.ts";
import type { UseCase } from "../use-case.ts";

/** Keys of entries: instant and id. */
const PLACE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#[\w-]{1,64}$/;

export const listAudit: UseCase<"listAudit"> = async ({ params: { tenantId }, query }, deps) => {
  await foundTenant(tenantId, deps);
  const page = await deps.audit.list(tenantId, { limit: query.limit, after: placeOf(query.cursor, PLACE) });
  return { status: 200, body: { entries: [...page.entries], ...nextOf(page) } };
};
