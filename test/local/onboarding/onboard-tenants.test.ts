import { expect, it } from "vitest";
import { onboardTenants } from "../../../local/onboarding/onboard-tenants.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import type { OnboardingClient } from "../../../shared/client/onboarding-client.ts";
import { feed, tenant } from "../../support/builders.ts";

/** What the API is given for a feed. */
async function settingsGiven(over: Record<string, unknown>): Promise<Record<string, unknown>> {
  const given: Record<string, unknown>[] = [];
  const client = new Proxy({} as OnboardingClient, {
    get: (_, operation) => async (call: { readonly body: Record<string, unknown> }) => {
      if (operation === "putFeed") given.push(call.body);
    },
  });
  const credentials = { apiKey: "key", apiSecret: "secret" };
  await onboardTenants(client, [
    { tenant: tenant("acme").tenant, feeds: [{ feed: feed(over), credentials }] },
  ]);
  expect(given).toHaveLength(1);
  return given[0] ?? {};
}

it("gives every setting of a feed to the API", async () => {
  const dataPlan = { planId: "web", planVersion: 3 };

  const given = await settingsGiven({ dataPlan, platforms: ["iOS"] });

  // By going live alone.
  const { environment: _, ...settings } = FeedSettingsSchema.shape;
  expect(Object.keys(given).toSorted()).toEqual(Object.keys(settings).toSorted());
  expect(FeedSettingsSchema.safeParse(given).success).toBe(true);
  expect(given).toMatchObject({ dataPlan, platforms: ["iOS"] });
});

it("leaves out a data plan that a feed has not", async () => {
  expect(await settingsGiven({})).not.toHaveProperty("dataPlan");
});
