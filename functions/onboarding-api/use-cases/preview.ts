import { nameOf } from "../../../shared/core/error-name.ts";
import { parseFeed, parseTenant } from "../../../shared/core/validators.ts";
import { presentFeed, presentTenant } from "../../../shared/onboarding/change.ts";
import { previewEvents } from "../preview-events.ts";
import type { OnboardingDeps, UseCase } from "../use-case.ts";

/** Goes into ids of batches only. */
const NOBODY = { tenantId: "preview", feedId: "preview" };

export const previewFeed: UseCase<"previewFeed"> = async ({ params, body }, deps) => {
  const [tenant, feed] = await Promise.all([
    deps.registry.tenant(params.tenantId),
    deps.registry.feed(params.tenantId, params.feedId),
  ]);
  const stored = {
    tenant: presentTenant(tenant),
    feed: presentFeed(feed),
    partnerIdentity: deps.settings.partnerIdentity,
  };
  return { status: 200, body: previewEvents(body, stored, deps.clock.nowMs(), failedIn(params, deps)) };
};

export const preview: UseCase<"preview"> = async ({ body }, deps) => {
  const { feed, blockedEvents, ...asked } = body;
  const given = {
    tenant: parseTenant({ tenantId: NOBODY.tenantId, blockedEvents }),
    feed: parseFeed({ ...feed, feedId: NOBODY.feedId }),
    partnerIdentity: deps.settings.partnerIdentity,
  };
  return { status: 200, body: previewEvents(asked, given, deps.clock.nowMs(), failedIn({}, deps)) };
};

function failedIn(ids: object, { log }: OnboardingDeps) {
  return (error: unknown) =>
    log.error("Converting an event failed in a preview", { ...ids, error: nameOf(error) });
}
