import type { World } from "./world.ts";

/** What the customer types in, the mistake first. */
export const TYPED_IN = {
  wrongSecret: "another-secret-of-e2e-connect",
  apiKey: "key-of-e2e-connect",
  apiSecret: "secret-of-e2e-connect",
};

/** A customer's keys on their way through the deployed connect page: mistyped, right, and once more when the link is used. */
export async function connectPageScenario({ connector, standIn, checks }: World): Promise<void> {
  const { onboarding, onboardingUrl } = connector;
  const params = { tenantId: "e2e-connect", feedId: "default" };
  const { wrongSecret, ...keys } = TYPED_IN;
  standIn.putFeed({ ...keys, kind: "partner" });
  await onboarding.putTenant({ params, body: {} });
  await onboarding.putFeed({ params, body: { platforms: ["iOS"] } });
  const { body: link } = await onboarding.createConnectLink({ params, body: { feedIds: ["default"] } });
  const url = `${onboardingUrl}/connect/${link.token}`;

  const look = async () => {
    const response = await fetch(url);
    const title = /<h1[^>]*>([^<]*)</.exec(await response.text())?.[1];
    return [response.status, title, response.headers.get("referrer-policy")];
  };
  const submit = async (apiKey: string, apiSecret: string) => {
    const body = new URLSearchParams({ "key-1": apiKey, "secret-1": apiSecret });
    return (await fetch(url, { method: "POST", body, redirect: "manual" })).status;
  };

  checks.equal("a connect link opens the page, without a signature", await look(), [
    200,
    "Connect Partner to mParticle",
    "no-referrer",
  ]);
  checks.equal("wrong keys lead back to it", await submit(keys.apiKey, wrongSecret), 303);
  checks.equal(
    "the feed still waits for keys",
    (await onboarding.getFeed({ params })).body.status,
    "pending",
  );
  checks.equal("right keys connect", await submit(keys.apiKey, keys.apiSecret), 303);
  checks.equal("the page says so", (await look()).slice(0, 2), [200, "You’re connected"]);
  checks.equal("the feed is active", (await onboarding.getFeed({ params })).body.status, "active");
  const { links } = (await onboarding.listConnectLinks({ params })).body;
  checks.equal(
    "the link is used up",
    links.map(({ status }) => status),
    ["used"],
  );
}
