import { OnboardingError } from "../../shared/client/onboarding-client.ts";
import type { TenantEntry } from "../examples/examples.ts";
import type { World } from "./world.ts";

/** What a partner's service asks of the deployed API once its tenants are onboarded, and what it is refused. */
export async function onboardingScenario(
  { connector, checks }: World,
  tenants: readonly TenantEntry[],
): Promise<void> {
  const { onboarding } = connector;
  const [first, second] = tenants;
  const [feed] = first?.feeds ?? [];
  const [other] = second?.feeds ?? [];
  if (!first || !feed || !second || !other) throw new Error("The examples name two tenants with feeds");
  const params = { tenantId: first.tenantId, feedId: feed.feedId };

  const listed = await onboarding.listTenants();
  const stored = await onboarding.getFeed({ params });
  const verified = await onboarding.verifyFeed({ params });
  checks.equal(
    "the API lists the tenants that were onboarded by it",
    listed.body.tenants.map(({ tenantId, status }) => [tenantId, status]),
    tenants.map(({ tenantId }) => [tenantId, "active"]),
  );
  checks.equal(
    "their feeds are active, and live where they should be",
    [stored.body.status, stored.body.environment],
    ["active", feed.environment],
  );
  checks.equal(
    "stored keys are tested by a function that may read them",
    verified.body.verification.outcome,
    "accepted",
  );

  const wrong = { apiKey: "key-of-nobody", apiSecret: "secret-of-nobody" };
  // Keys that mParticle takes are another tenant's: of a feed of their own kind, or it would refuse them.
  const foreign = { apiKey: other.apiKey, apiSecret: other.apiSecret };
  const borrowed = { tenantId: first.tenantId, feedId: "borrowed" };
  const { kind, pod } = (
    await onboarding.getFeed({ params: { tenantId: second.tenantId, feedId: other.feedId } })
  ).body;
  await onboarding.putFeed({ params: borrowed, body: { kind, pod } });
  checks.equal(
    "keys that mParticle refuses are not stored, nor another tenant's",
    [
      await codeOf(onboarding.putCredentials({ params, body: wrong })),
      await codeOf(onboarding.putCredentials({ params: borrowed, body: foreign })),
    ],
    ["credentials_refused", "key_in_use"],
  );
  await onboarding.deleteFeed({ params: borrowed });
  const after = await onboarding.getFeed({ params });
  checks.equal(
    "the working keys are as they were",
    after.body.credentials?.fingerprint,
    stored.body.credentials?.fingerprint,
  );

  const link = await onboarding.createConnectLink({ params, body: { feedIds: [feed.feedId] } });
  await onboarding.revokeConnectLink({ params: { ...params, linkId: link.body.linkId } });
  const links = await onboarding.listConnectLinks({ params });
  checks.equal(
    "a connect link is given out, and can be revoked",
    links.body.links.map(({ status }) => status),
    ["revoked"],
  );

  const description = await onboarding.getOpenApi();
  checks.equal("the API describes itself", (description.body as { openapi: string }).openapi, "3.1.0");
}

/** The code of the problem that a call is answered with. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof OnboardingError) return error.problem?.code ?? `status ${error.status}`;
    throw error;
  }
}
