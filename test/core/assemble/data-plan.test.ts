import { expect, it } from "vitest";
import { assemble } from "../../../shared/core/assemble/assemble.ts";
import { checkBatch } from "../../../shared/core/validators.ts";
import { contributionOf, convertContext, MOMENT_MS, track } from "../convert/support.ts";

function contextOf(event: Record<string, unknown>, dataPlan: unknown) {
  const setup = { feed: { dataPlan } };
  const part = { source: 0, contribution: contributionOf(event, setup), mode: "live" as const };
  const { feed } = convertContext(setup);
  const [built] = assemble([part], { tenantId: "acme", feed, nowMs: MOMENT_MS }).batches;
  const batch = JSON.parse(String(built?.body));
  expect(checkBatch(batch)).toBeUndefined();
  return batch.context;
}

it("names its feed's data plan, of the latest version where none is given", () => {
  expect(contextOf(track("T"), { planId: "p", planVersion: 2 })).toEqual({
    data_plan: { plan_id: "p", plan_version: 2 },
  });
  expect(contextOf(track("T"), { planId: "p" })).toEqual({ data_plan: { plan_id: "p" } });
  expect(contextOf(track("T"), undefined)).toBeUndefined();
});

it("leaves a batch in mParticle's own format the plan that it names, and the rest of its context", () => {
  const own = (context: unknown) => ({
    type: "batch",
    batch: { user_identities: { customer_id: "u" }, context },
  });
  const location = { latitude: 1, longitude: 2 };
  expect(contextOf(own({ location }), { planId: "p" })).toEqual({ data_plan: { plan_id: "p" }, location });
  expect(contextOf(own({ data_plan: { plan_id: "q" } }), { planId: "p" })).toEqual({
    data_plan: { plan_id: "q" },
  });
});
