import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SECRET_PREFIX } from "../../local/connector.ts";
import { type OnboardingWorld, startOnboardingWorld } from "../functions/onboarding-api/onboarding-world.ts";
import { accessibilityProblems } from "./support/axe.ts";
import { enter, launch, submit, visit } from "./support/visitor.ts";

let browser: Browser;
let world: OnboardingWorld;
beforeAll(async () => {
  [browser, world] = await Promise.all([launch(), startOnboardingWorld()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

const pair = (n: number) => ({
  apiKey: `us1-${String(n).repeat(32)}`,
  apiSecret: String(n).repeat(64),
});

/** The link that a partner's service makes for a customer with an iOS app and a web site. */
async function linkFor(tenantId: string) {
  await world.client.putTenant({ params: { tenantId }, body: {} });
  for (const [feedId, platform] of [
    ["ios", "iOS"],
    ["web", "web"],
  ] as const)
    await world.client.putFeed({ params: { tenantId, feedId }, body: { platforms: [platform] } });
  return (await world.client.createConnectLink({ params: { tenantId }, body: { feedIds: ["ios", "web"] } }))
    .body;
}

it("a customer connects two feeds through the API's own link, mistyping one, and nothing of the keys is anywhere else", async () => {
  const { url, token, linkId } = await linkFor("acme");
  for (const n of [1, 2]) world.standIn.putFeed({ ...pair(n), kind: "partner" });
  const { page, strange, end } = await visit(browser, world.gateway.url);
  const seen: string[] = [];
  page.on("response", (response) => {
    seen.push(JSON.stringify([response.url().replaceAll(token, ""), response.headers()]));
    if (response.status() !== 303)
      response.text().then(
        (text) => seen.push(text),
        () => {},
      );
  });

  await page.goto(url);
  await enter(page, 1, pair(1).apiKey, pair(1).apiSecret);
  await enter(page, 2, pair(2).apiKey, pair(3).apiSecret);
  await submit(page);
  expect(await page.locator(".summary li").allTextContents()).toEqual([
    "Web: mParticle does not accept this key and secret.",
  ]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await enter(page, 2, pair(2).apiKey, pair(2).apiSecret);
  await submit(page);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");

  const secrets = await Promise.all(
    ["ios", "web"].map(async (feedId) => {
      const SecretId = `${SECRET_PREFIX}/acme/${feedId}`;
      const { SecretString = "" } = await world.clients.secretsManager.send(
        new GetSecretValueCommand({ SecretId }),
      );
      return JSON.parse(SecretString);
    }),
  );
  expect(secrets).toEqual([pair(1), pair(2)]);
  const { Items } = await world.clients.dynamodb.send(new ScanCommand({ TableName: world.state.tableName }));
  const { entries } = (await world.client.listAudit({ params: { tenantId: "acme" } })).body;
  expect(entries.map(({ by }) => by)).toContain(`link:${linkId}`);
  expect(seen.length).toBeGreaterThan(4);
  const everywhere = JSON.stringify([
    Items,
    entries,
    world.log.lines,
    world.reports,
    seen,
    await page.content(),
  ]);
  for (const n of [1, 2, 3]) {
    expect(everywhere).not.toContain(pair(n).apiKey);
    expect(everywhere).not.toContain(pair(n).apiSecret);
  }
  expect(everywhere).not.toContain(token);
  expect(strange).toEqual([]);
  await end();
});

it("a link that expires while its page is open says so on submission", async () => {
  const { url, expiresAt } = await linkFor("late");
  const { page, end } = await visit(browser, world.gateway.url);
  await page.goto(url);
  await enter(page, 1, pair(5).apiKey, pair(5).apiSecret);
  world.setNow(Date.parse(expiresAt));

  await submit(page);

  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("This link has expired");
  await end();
});
