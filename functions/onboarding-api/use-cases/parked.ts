import type { ParkedFolder } from "../../../shared/core/parked-object.ts";
import { assertStays, foundTenant } from "../../../shared/onboarding/change.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { countParked, type ParkedCountRequest, type ParkedPage } from "../count-parked.ts";
import { assertParkedFeed, type Place } from "../known-feed.ts";
import type { OnboardingDeps, UseCase } from "../use-case.ts";

/**
 * Milliseconds that one slice of a replay may take. The replay-rejected function keeps 20,000 of them for the last objects; API
 * Gateway waits for 30,000.
 */
const SLICE_MS = 24_000;

export const listRejected: UseCase<"listRejected"> = async (
  { params: { tenantId }, query, remainingMs },
  deps,
) => {
  assertForward(query, { parameter: "to" });
  await foundTenant(tenantId, deps);
  const page = await count("rejected", { tenantId, query }, remainingMs, deps);
  return { status: 200, body: { ...page, counts: [...page.counts] } };
};

export const listHeld: UseCase<"listHeld"> = async ({ params: { tenantId }, query, remainingMs }, deps) => {
  assertForward(query, { parameter: "to" });
  await foundTenant(tenantId, deps);
  const page = await count("held", { tenantId, query }, remainingMs, deps);
  const counts = page.counts.map(({ code: cause, ...count }) => ({ cause, ...count }));
  return { status: 200, body: { ...page, counts } };
};

export const replayRejected: UseCase<"replayRejected"> = async (
  { params: { tenantId }, body, caller },
  deps,
) => {
  assertForward(body, { pointer: "/to" });
  assertStays(await foundTenant(tenantId, deps));
  const { feedId, codes, from, to } = body;
  await assertParkedFeed({ tenantId, feedId }, "rejected", { pointer: "/feedId" }, deps);
  await deps.audit.write({
    tenantId,
    ...caller,
    ...(feedId !== undefined && { feedId }),
    action: "rejected_replayed",
    details: { from, to, ...(codes && { codes: codes.join(" ").slice(0, 1_000) }) },
  });
  const request = { tenantId, from, to, ...(feedId !== undefined && { feedId }), ...(codes && { codes }) };
  const answer = await deps.replays.replay({ action: "replay", ...request, withinMs: SLICE_MS });
  if (answer === "busy")
    throw new ProblemError("busy", "Another replay is at work: try again.", {
      headers: { "retry-after": "5" },
    });
  const { events = 0, failures, continueFrom } = answer;
  return { status: 200, body: { events, failures, ...(continueFrom !== undefined && { continueFrom }) } };
};

async function count(
  ending: ParkedFolder["ending"],
  { tenantId, query }: Omit<ParkedCountRequest, "ending">,
  remainingMs: () => number,
  deps: OnboardingDeps,
): Promise<ParkedPage> {
  // Between two pages the last events of a feed that never was may have been put back.
  if (query.cursor === undefined)
    await assertParkedFeed({ tenantId, feedId: query.feedId }, ending, { parameter: "feedId" }, deps);
  return countParked({ ending, tenantId, query }, remainingMs, deps);
}

/** A period that ends before it begins would be answered as one in which there is nothing. */
function assertForward({ from, to }: { readonly from: string; readonly to: string }, place: Place): void {
  if (Date.parse(to) >= Date.parse(from)) return;
  throw new ProblemError("invalid_request", "to must not be before from.", {
    errors: [{ ...place, code: "out_of_range", message: "must not be before from" }],
  });
}
