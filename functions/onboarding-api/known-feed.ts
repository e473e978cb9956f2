import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";
import type { FeedId } from "../../shared/ports-onboarding.ts";
import type { OnboardingDeps } from "./use-case.ts";

/** Where a request names a feed. */
export type Place = { readonly parameter: string } | { readonly pointer: string };

/**
 * A mistyped id would be answered as a feed of which there is nothing. Events outlive their feed, and are held under the id of one
 * that is not there yet: where there are some, the feed need not be.
 *
 * @throws {ProblemError} for an id that neither a feed nor a parked event has.
 */
export async function assertParkedFeed(
  { feedId, tenantId }: { readonly tenantId: string; readonly feedId: string | undefined },
  ending: ParkedFolder["ending"],
  place: Place,
  deps: Pick<OnboardingDeps, "parked" | "registry">,
): Promise<void> {
  if (feedId === undefined) return;
  for await (const folder of deps.parked.folders(ending, tenantId)) if (folder.feedId === feedId) return;
  await assertFeed({ tenantId, feedId }, place, deps);
}

/** @throws {ProblemError} for an id that no feed of the tenant has. */
export async function assertFeed(
  { tenantId, feedId }: FeedId,
  place: Place,
  { registry }: Pick<OnboardingDeps, "registry">,
): Promise<void> {
  if (await registry.feed(tenantId, feedId)) return;
  throw new ProblemError("not_found", "The tenant has no feed of this id, and no events of one.", {
    errors: [{ ...place, code: "unknown", message: "is none of the tenant's feeds" }],
  });
}
