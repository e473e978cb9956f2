import type { StoredFeedPreviewInput } from "../../../shared/api/preview.schema.ts";
import { nameOf } from "../../../shared/core/error-name.ts";
import { parseFeed, parseTenant } from "../../../shared/core/validators.ts";
import { presentFeed, presentTenant } from "../../../shared/onboarding/change.ts";
import { type PreviewFeed, previewEvents } from "../preview-events.ts";
import { remarksOf, withRemarks } from "../remarks/remarks.ts";
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
  return previewed(body, stored, failedIn(params, deps), deps);
};

export const preview: UseCase<"preview"> = async ({ body }, deps) => {
  const { feed, blockedEvents, ...asked } = body;
  const given = {
    tenant: parseTenant({ tenantId: NOBODY.tenantId, blockedEvents }),
    feed: parseFeed({ ...feed, feedId: NOBODY.feedId }),
    partnerIdentity: deps.settings.partnerIdentity,
  };
  return previewed(asked, given, failedIn({}, deps), deps);
};

function previewed(
  asked: StoredFeedPreviewInput,
  given: PreviewFeed,
  failed: (error: unknown) => void,
  { clock }: OnboardingDeps,
) {
  const preview = previewEvents(asked, given, clock.nowMs(), failed);
  return { status: 200, body: withRemarks(preview, remarksOf(given.feed)) } as const;
}

function failedIn(ids: object, { log }: OnboardingDeps) {
  return (error: unknown) =>
    log.error("Converting an event failed in a preview", { ...ids, error: nameOf(error) });
}
