import type { Clock, Log } from "../../shared/ports.ts";
import type { Brand } from "./brand.schema.ts";
import { createHandler, type PageHandler } from "./create-handler.ts";
import { OnboardingLinks, type OnboardingLinksDeps } from "./onboarding-links.ts";
import { pageAssets } from "./page-assets.ts";

/** The page's Lambda handler over what onboarding needs: once per cold start. */
export function createPage(
  brand: Brand,
  deps: OnboardingLinksDeps & { readonly clock: Pick<Clock, "nowMs">; readonly log: Log },
): PageHandler {
  const { clock, log } = deps;
  return createHandler({ links: new OnboardingLinks(deps), brand, assets: pageAssets(brand), clock, log });
}
