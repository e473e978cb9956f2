import type { Clock, Log } from "../../shared/ports.ts";
import type { Brand } from "./brand.schema.ts";
import { createHandler, type PageHandler, type PageReport } from "./create-handler.ts";
import { OnboardingLinks, type OnboardingLinksDeps } from "./onboarding-links.ts";
import { pageAssets } from "./page-assets.ts";

/** The page's Lambda handler over what onboarding needs: once per cold start. */
export function createPage(
  brand: Brand,
  deps: OnboardingLinksDeps & { readonly clock: Pick<Clock, "nowMs">; readonly log: Log },
  report: (report: PageReport) => void,
): PageHandler {
  const { clock, log } = deps;
  const links = new OnboardingLinks(deps);
  return createHandler({ links, brand, assets: pageAssets(brand), clock, log }, report);
}
