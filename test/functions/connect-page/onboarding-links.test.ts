import { ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BrandSchema } from "../../../functions/connect-page/brand.schema.ts";
import { createPage } from "../../../functions/connect-page/create-page.ts";
import { OnboardingLinks } from "../../../functions/connect-page/onboarding-links.ts";
import { SECRET_PREFIX } from "../../../local/connector.ts";
import { NO_FAULTS, parseFaults } from "../../../local/stand-in/faults.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { type OnboardingWorld, startOnboardingWorld } from "../onboarding-api/onboarding-world.ts";

let world: OnboardingWorld;
let made = 0;
let tenantId = "";

beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setNow(undefined);
  tenantId = `customer-${++made}`;
  await world.client.putTenant({ params: { tenantId }, body: {} });
});

/** A new link that asks for the keys of feeds, each acting as one platform. */
async function openLink(platforms: Readonly<Record<string, "iOS" | "Android" | "web">> = { default: "iOS" }) {
  for (const [feedId, platform] of Object.entries(platforms))
    await world.client.putFeed({ params: { tenantId, feedId }, body: { platforms: [platform] } });
  const feedIds = Object.keys(platforms);
  return (await world.client.createConnectLink({ params: { tenantId }, body: { feedIds } })).body;
}

/** A pair that mParticle knows, unless it is to be unknown there. */
function keys({ known = true } = {}) {
  const apiKey = `us1-${String(++made).padStart(32, "0")}`;
  const apiSecret = `${"s".repeat(56)}${String(made).padStart(8, "0")}`;
  if (known) world.standIn.putFeed({ apiKey, apiSecret, kind: "partner" });
  return { apiKey, apiSecret };
}

type Pair = ReturnType<typeof keys>;

async function submit(url: string, ...pairs: readonly Pair[]) {
  const form = new URLSearchParams();
  for (const [i, { apiKey, apiSecret }] of pairs.entries()) {
    form.append(`key-${i + 1}`, apiKey);
    form.append(`secret-${i + 1}`, apiSecret);
  }
  return fetch(url, { method: "POST", body: form, redirect: "manual" });
}

async function read(url: string) {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

const storedKeys = async (feedId: string) => {
  const secret = new GetSecretValueCommand({ SecretId: `${SECRET_PREFIX}/${tenantId}/${feedId}` });
  return JSON.parse((await world.clients.secretsManager.send(secret)).SecretString ?? "null");
};
const statusOf = async (linkId: string) =>
  (await world.client.listConnectLinks({ params: { tenantId } })).body.links.find(
    (link) => link.linkId === linkId,
  )?.status;

describe("keys from the connect page", () => {
  it("are stored as through the API, use the link up, and leave a trail without a value", async () => {
    const { url, linkId, token } = await openLink({ ios: "iOS", web: "web" });
    const [ios, web] = [keys(), keys()];

    const answer = await submit(url, ios, web);
    const page = await read(url);

    expect([answer.status, page.status]).toEqual([303, 200]);
    expect(page.text).toContain("You’re connected");
    expect([await storedKeys("ios"), await storedKeys("web")]).toEqual([ios, web]);
    expect(await statusOf(linkId)).toBe("used");
    const { feeds } = (await world.client.listFeeds({ params: { tenantId } })).body;
    expect(feeds.map(({ status }) => status)).toEqual(["active", "active"]);
    const { entries } = (await world.client.listAudit({ params: { tenantId } })).body;
    const trail = entries.filter(({ by }) => by === `link:${linkId}`);
    expect(trail.map(({ action, feedId }) => [action, feedId]).sort()).toEqual([
      ["connect_link_used", undefined],
      ["credentials_stored", "ios"],
      ["credentials_stored", "web"],
    ]);
    expect(
      trail.every(({ from }) => from === "127.0.0.1" || from === "::1" || from === "::ffff:127.0.0.1"),
    ).toBe(true);
    expect(world.announced).toContainEqual(expect.objectContaining({ tenantId, feedId: "web" }));
    const { Items } = await world.clients.dynamodb.send(
      new ScanCommand({ TableName: world.state.tableName }),
    );
    const everywhere = JSON.stringify([Items, entries, world.log.lines, world.reports, page.text, feeds]);
    for (const value of [ios.apiKey, ios.apiSecret, web.apiKey, web.apiSecret, token])
      expect(everywhere).not.toContain(value);
  });

  it("are not stored when the link is revoked while they are tested", async () => {
    const { linkId, token } = await openLink();
    const links = new OnboardingLinks({
      ...world.deps,
      prover: {
        prove: async (...given) => {
          await world.client.revokeConnectLink({ params: { tenantId, linkId } });
          return world.deps.prover.prove(...given);
        },
      },
    });

    const reservation = await links.reserve(token, { requestId: "r" });
    const problems = await reservation?.store("default", keys());
    await reservation?.end({ stored: [], problems: [] });

    expect(problems).toEqual(["not_stored"]);
    await expect(storedKeys("default")).rejects.toThrow();
    expect(await links.find(token)).toMatchObject({ state: "revoked" });
  });

  it("that cannot be taken are logged with their tenant and link", async () => {
    const { linkId, token } = await openLink();
    const silent = { value: () => Promise.reject(new Error("no answer")) };
    const registry = Object.create(world.deps.registry, { tenant: silent, feeds: silent });
    const log = capturedLog();
    const page = createPage(BrandSchema.parse({ name: "Acme" }), { ...world.deps, registry, log }, () => {});
    const visit = (method: string) =>
      page({
        rawPath: `/connect/${token}`,
        rawQueryString: "",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        requestContext: { requestId: `by ${method}`, http: { method, sourceIp: "192.0.2.7" } },
      } as unknown as APIGatewayProxyEventV2);

    const answers = [await visit("GET"), await visit("POST")];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503]);
    const told = { tenantId, linkId, error: "Error", stack: expect.any(String) };
    expect(log.lines).toEqual([
      { level: "error", message: "The connect page failed", fields: { requestId: "by GET", ...told } },
      { level: "error", message: "The connect page failed", fields: { requestId: "by POST", ...told } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain(token);
  });

  it("that mParticle refuses leave the link open for what is left", async () => {
    const { url, linkId } = await openLink({ ios: "iOS", web: "web" });
    const [right, wrong] = [keys(), keys({ known: false })];

    await submit(url, right, wrong);
    const half = await read(url);

    expect(half.text).toContain("iOS: all right, and stored.");
    expect(half.text).toContain("Web: mParticle does not accept this key and secret.");
    expect(half.text).not.toContain('name="key-1"');
    expect(await statusOf(linkId)).toBe("open");
    await expect(storedKeys("web")).rejects.toThrow();

    // What is stored is not replaced through the same link.
    const web = keys();
    await submit(url, keys(), web);

    expect([await storedKeys("ios"), await storedKeys("web")]).toEqual([right, web]);
    expect(await statusOf(linkId)).toBe("used");
  });

  it.each([
    ["empty", { apiKey: "", apiSecret: " " }, ["Enter the API key.", "Enter the API secret."]],
    [
      "in quotation marks",
      { apiKey: '"us1-1"', apiSecret: "'x'" },
      ["The API key has quotation marks", "The API secret has quotation marks"],
    ],
    [
      "with white space inside",
      { apiKey: "us1 1", apiSecret: "a\tb" },
      ["The API key has a space", "The API secret has a space"],
    ],
    ["with other characters", { apiKey: "us1-ключ", apiSecret: "x" }, ["The API key has a letter or sign"]],
    ["equal", { apiKey: "us1-1", apiSecret: "us1-1" }, ["Key and secret are the same."]],
    [
      "swapped",
      { apiKey: "s".repeat(64), apiSecret: `us1-${"0".repeat(32)}` },
      ["Key and secret seem to be swapped."],
    ],
    [
      "too long",
      { apiKey: "k".repeat(513), apiSecret: "s".repeat(600) },
      ["That is too long to be an API key.", "That is too long to be an API secret."],
    ],
  ])("that are %s are told so, and mParticle is not asked", async (_, pair, sentences) => {
    const { url } = await openLink();
    const before = world.standIn.counts().requests;

    await submit(url, pair);

    const { text } = await read(url);
    for (const sentence of sentences) expect(text).toContain(sentence);
    expect(world.standIn.counts().requests).toEqual(before);
  });

  it("that are another customer's are refused", async () => {
    const first = await openLink();
    const pair = keys();
    await submit(first.url, pair);
    tenantId = `customer-${++made}`;
    await world.client.putTenant({ params: { tenantId }, body: {} });
    const second = await openLink();

    await submit(second.url, pair);

    expect((await read(second.url)).text).toContain("This key is used by another connection already.");
    await expect(storedKeys("default")).rejects.toThrow();
  });

  it.each(["503:1", "429:1", "timeout:1"])("cannot be judged when mParticle answers %s", async (faults) => {
    const { url, linkId } = await openLink();
    const pair = keys();
    world.standIn.setFaults(parseFaults(faults), pair.apiKey);

    await submit(url, pair);
    const page = await read(url);
    world.standIn.setFaults(NO_FAULTS, pair.apiKey);
    await submit(url, pair);

    expect(page.text).toContain("mParticle did not answer, so these could not be checked.");
    expect(page.text).toContain('aria-invalid="false"');
    expect(await statusOf(linkId)).toBe("used");
  });
});

describe("a link", () => {
  it("that was used takes nothing more", async () => {
    const { url } = await openLink();
    const [first, second] = [keys(), keys()];

    await submit(url, first);
    await submit(url, second);

    expect(await storedKeys("default")).toEqual(first);
  });

  it("takes one of two submissions at once", async () => {
    const { url } = await openLink();
    const pairs = [keys(), keys()];

    const answers = await Promise.all(pairs.map((pair) => submit(url, pair)));

    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(pairs).toContainEqual(await storedKeys("default"));
    expect((await read(url)).text).toContain("You’re connected");
    const { entries } = (await world.client.listAudit({ params: { tenantId } })).body;
    expect(entries.filter(({ action }) => action === "credentials_stored")).toHaveLength(1);
  });

  it("takes keys that are right at the last try", async () => {
    const { url, linkId } = await openLink();
    const pair = keys();

    for (let i = 0; i < 24; i++) await submit(url, { apiKey: "", apiSecret: "" });
    await submit(url, pair);

    expect(await storedKeys("default")).toEqual(pair);
    expect(await statusOf(linkId)).toBe("used");
  });

  it("ends with its time", async () => {
    const { url, expiresAt } = await openLink();
    world.setNow(Date.parse(expiresAt));

    await submit(url, keys());

    expect(await read(url)).toMatchObject({
      status: 410,
      text: expect.stringContaining("This link has expired"),
    });
    await expect(storedKeys("default")).rejects.toThrow();
  });

  it("ends after 25 tries, which its tenant's trail tells once", async () => {
    const { url, linkId } = await openLink();
    const trail = async () => {
      const { entries } = (await world.client.listAudit({ params: { tenantId } })).body;
      return entries.filter(({ by }) => by === `link:${linkId}`).map(({ action }) => action);
    };

    for (let i = 0; i < 24; i++) await submit(url, { apiKey: "", apiSecret: "" });
    const before = [await statusOf(linkId), ...(await trail())];
    await submit(url, { apiKey: "", apiSecret: "" });
    await submit(url, keys());

    expect(before).toEqual(["open"]);
    expect(await statusOf(linkId)).toBe("exhausted");
    expect(await trail()).toEqual(["connect_link_exhausted"]);

    expect(await read(url)).toMatchObject({
      status: 410,
      text: expect.stringContaining("a limited number of tries"),
    });
    await expect(storedKeys("default")).rejects.toThrow();
  });

  it.each([
    ["is revoked", (linkId: string) => world.client.revokeConnectLink({ params: { tenantId, linkId } })],
    ["has a tenant that is deleting", () => world.client.deleteTenant({ params: { tenantId } })],
    [
      "asks for a feed that is gone",
      () => world.client.deleteFeed({ params: { tenantId, feedId: "default" } }),
    ],
  ])("that %s takes nothing", async (_, end) => {
    const { url, linkId } = await openLink();
    await end(linkId);

    await submit(url, keys());

    expect(await read(url)).toMatchObject({
      status: 410,
      text: expect.stringContaining("This link was withdrawn"),
    });
    await expect(storedKeys("default")).rejects.toThrow();
  });

  it("never takes one feed's keys for another's, though a feed is gone since its page was opened", async () => {
    const { url, linkId } = await openLink({ ios: "iOS", web: "web" });
    const [ios, web] = [keys(), keys()];
    await world.client.deleteFeed({ params: { tenantId, feedId: "ios" } });

    const stale = await submit(url, ios, web);
    const page = await read(url);
    const fresh = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ "key-2": web.apiKey, "secret-2": web.apiSecret }),
      redirect: "manual",
    });

    expect([stale.status, fresh.status]).toEqual([400, 303]);
    expect(page.text).not.toContain('name="key-1"');
    expect(await storedKeys("web")).toEqual(web);
    expect(await statusOf(linkId)).toBe("used");
  });

  it("does not take for a platform the key that it took for another before", async () => {
    const { url, linkId } = await openLink({ ios: "iOS", web: "web" });
    const [ios, web] = [keys(), keys()];
    await submit(url, ios, { apiKey: "", apiSecret: "" });

    await submit(url, { apiKey: "", apiSecret: "" }, { ...ios, apiKey: ios.apiKey.toUpperCase() });

    expect((await read(url)).text).toContain("The same key was entered twice.");
    await expect(storedKeys("web")).rejects.toThrow();
    await submit(url, { apiKey: "", apiSecret: "" }, web);
    expect(await statusOf(linkId)).toBe("used");
  });

  it("is revoked with the last of its feeds, and not before", async () => {
    const { linkId } = await openLink({ ios: "iOS", web: "web" });
    const gone = (feedId: string) => world.client.deleteFeed({ params: { tenantId, feedId } });

    await gone("ios");
    expect(await statusOf(linkId)).toBe("open");
    await gone("web");

    expect(await statusOf(linkId)).toBe("revoked");
    const { entries } = (await world.client.listAudit({ params: { tenantId } })).body;
    expect(entries).toContainEqual(
      expect.objectContaining({ action: "connect_link_revoked", by: "connector", details: { linkId } }),
    );
  });

  it("is revoked with the last of its feeds when all are deleted at once", async () => {
    const { linkId } = await openLink({ ios: "iOS", web: "web" });

    await Promise.all(
      ["ios", "web"].map((feedId) => world.client.deleteFeed({ params: { tenantId, feedId } })),
    );

    expect(await statusOf(linkId)).toBe("revoked");
  });

  it("is revoked with the last of its feeds, though one was created anew since", async () => {
    const { linkId } = await openLink({ ios: "iOS", web: "web" });
    await world.client.deleteFeed({ params: { tenantId, feedId: "ios" } });
    world.setNow(Date.now() + 60_000);
    await world.client.putFeed({ params: { tenantId, feedId: "ios" }, body: {} });

    await world.client.deleteFeed({ params: { tenantId, feedId: "web" } });

    expect(await statusOf(linkId)).toBe("revoked");
  });

  it("is used when the feeds are gone whose keys it still asked for", async () => {
    const { url, linkId } = await openLink({ ios: "iOS", web: "web" });
    await submit(url, keys(), { apiKey: "", apiSecret: "" });

    await world.client.deleteFeed({ params: { tenantId, feedId: "web" } });

    expect(await statusOf(linkId)).toBe("used");
    expect((await read(url)).text).toContain("You’re connected");
  });

  it("asks for what it can while a feed cannot be read, and ends with it only", async () => {
    const { url, linkId } = await openLink({ ios: "iOS", web: "web" });
    const spoil = (value: string) =>
      world.clients.dynamodb.send(
        new UpdateItemCommand({
          TableName: world.state.tableName,
          Key: { pk: { S: `tenant#${tenantId}` }, sk: { S: "feed#web" } },
          UpdateExpression: "SET kind = :value",
          ExpressionAttributeValues: { ":value": { S: value } },
        }),
      );
    await spoil("nonsense");

    const { text } = await read(url);
    const { apiKey, apiSecret } = keys();
    const form = new URLSearchParams({ "key-1": apiKey, "secret-1": apiSecret });
    await fetch(url, { method: "POST", body: form, redirect: "manual" });

    expect(text).toContain('name="key-1"');
    expect(text).not.toContain('name="key-2"');
    expect(await read(url)).toMatchObject({ status: 503 });
    expect(world.log.lines).toContainEqual(
      expect.objectContaining({
        message: "The connect page failed",
        fields: expect.objectContaining({
          tenantId,
          linkId,
          problem: expect.stringContaining("the feed web cannot be read: kind"),
        }),
      }),
    );
    await spoil("partner");
    expect(await statusOf(linkId)).toBe("open");
    expect((await read(url)).text).toContain('name="key-2"');
  });

  it("does not ask for a feed that was created after it, under the id of one that is gone", async () => {
    const { url } = await openLink({ ios: "iOS", web: "web" });
    await world.client.deleteFeed({ params: { tenantId, feedId: "ios" } });
    world.setNow(Date.now() + 60_000);
    await world.client.putFeed({ params: { tenantId, feedId: "ios" }, body: { platforms: ["iOS"] } });

    const { text } = await read(url);

    expect(text).not.toContain('name="key-1"');
    expect(text).toContain('name="key-2"');
  });

  it("that was used does not say that a tenant is connected which is gone", async () => {
    const { url } = await openLink();
    await submit(url, keys());
    await world.client.deleteTenant({ params: { tenantId } });

    expect(await read(url)).toMatchObject({
      status: 410,
      text: expect.not.stringContaining("You’re connected"),
    });
  });

  it("that nobody made is no link, whatever it looks like", async () => {
    const { url, linkId, token } = await openLink();
    const tokens = [
      linkId,
      token.slice(1),
      `${token}A`,
      token.toLowerCase(),
      `${token}/x`,
      `${token}%2f`,
      "..%2fv1",
      "%00",
      "",
    ];

    const pages = await Promise.all(tokens.map((other) => read(url.replace(token, other))));

    expect(pages.map(({ status }) => status)).toEqual(tokens.map(() => 404));
  });

  it("is not used by those who only look", async () => {
    const { url, linkId } = await openLink();

    for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) await fetch(url, { method });

    expect(await statusOf(linkId)).toBe("open");
  });
});
