/** Keys on every way through the connector; then everything that it wrote or said is searched for them. */
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_FAULTS, parseFaults } from "../../local/stand-in/faults.ts";
import { withToken } from "../../shared/client/authentication.ts";
import { createOnboardingClient, type OnboardingClient } from "../../shared/client/onboarding-client.ts";
import { CREDENTIALS_REFUSED, FEED_CHANGED } from "../../shared/core/feed-changed.ts";
import { secretVersionOf } from "../../shared/core/onboarding/fingerprint.ts";
import { isAllowed, TABLE_RIGHTS } from "../infra/table-rights.ts";
import { findSecret, formsOf } from "./secret-forms.ts";
import { startWholeConnector, type WholeConnector } from "./whole-connector.ts";

/** Keys as mParticle gives them out, and secrets that look different in every encoding. */
function pair(n: number) {
  const apiKey = `us1-${n}c0ffee0c0ffee0c0ffee0c0ffee0c0${n}`;
  return { apiKey, apiSecret: `S${n}"ec\\ret<&>+/=%20${"xYz".repeat(12)}${n}` };
}
const PAIRS = {
  first: pair(1),
  second: pair(2),
  third: pair(3),
  page: pair(4),
  refusedByApi: pair(5),
  refusedByPage: pair(6),
  malformed: { apiKey: pair(7).apiKey, apiSecret: `${pair(7).apiSecret} ` },
};
const SECRETS = Object.values(PAIRS).flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret.trim()]);

const acme = { tenantId: "acme", feedId: "default" };
const connect = { tenantId: "connect", feedId: "default" };

let connector: WholeConnector;
let client: OnboardingClient;
let places: Map<string, string>;
let requests = 0;

/** Sends to API or page, and keeps the answer. */
const send: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  await connector.keepAnswer(response);
  return response;
};
const refusedBy = async (call: Promise<unknown>) => {
  await expect(call).rejects.toThrow();
};

beforeAll(async () => {
  connector = await startWholeConnector();
  const authenticate = withToken(connector.token);
  client = createOnboardingClient({ url: connector.url, authenticate, fetch: send });
  for (const keys of [PAIRS.first, PAIRS.second, PAIRS.third, PAIRS.page])
    connector.standIn.putFeed({ ...keys, kind: "partner" });
  await onboardByApi();
  await onboardByPage();
  await deliverAll();
  await rotateAndRollBack();
  await releaseAndReplay();
  await lookAtEverything();
  places = await connector.places();
  requests = connector.standIn.counts().requests.total;
}, 120_000);
afterAll(() => connector?.close());

async function onboardByApi(): Promise<void> {
  await client.putTenant({ params: acme, body: { blockedEvents: ["Blocked"] } });
  await client.putFeed({ params: acme, body: {} });
  const put = (body: { apiKey: string; apiSecret: string }) => client.putCredentials({ params: acme, body });
  await refusedBy(put(PAIRS.malformed));
  await refusedBy(put({ apiKey: PAIRS.first.apiSecret, apiSecret: PAIRS.first.apiKey }));
  await refusedBy(put(PAIRS.refusedByApi));
  await put(PAIRS.first);
  await client.verifyFeed({ params: acme });
  await client.goLive({ params: acme });
  // Keys where none belong.
  const { apiKey, apiSecret } = PAIRS.first;
  const headers = { authorization: `Bearer ${connector.token}`, "content-type": "application/json" };
  const json = JSON.stringify({ [apiSecret]: apiKey, note: apiSecret });
  for (const [method, path, body] of [
    ["GET", `/v1/tenants/${apiKey}`],
    ["GET", `/v1/tenants/${encodeURIComponent(apiSecret)}`],
    ["GET", `/v1/tenants/acme/feeds/${apiKey}`],
    ["PUT", `/v1/tenants/${apiKey}/feeds/${apiKey}`, "{}"],
    ["PUT", `/v1/tenants/${apiKey}/feeds/default/credentials`, json],
    ["GET", `/v1/tenants?cursor=${apiKey}`],
    ["GET", `/v1/tenants?${encodeURIComponent(apiSecret)}=1`],
    ["PUT", "/v1/tenants/acme/feeds/default", json],
    ["PUT", "/v1/tenants/acme/feeds/default", `{"${apiKey}`],
    ["PATCH", `/v1/${apiKey}`],
  ] as const) {
    const response = await send(`${connector.url}${path}`, { method, headers, ...(body && { body }) });
    expect(response.status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
  }
}

async function onboardByPage(): Promise<void> {
  await client.putTenant({ params: connect, body: {} });
  await client.putFeed({ params: connect, body: { platforms: ["iOS"] } });
  const { token } = (await client.createConnectLink({ params: connect, body: { feedIds: ["default"] } }))
    .body;
  const url = `${connector.url}/connect/${token}`;
  const submit = async ({ apiKey, apiSecret }: { apiKey: string; apiSecret: string }) => {
    const body = new URLSearchParams({ "key-1": apiKey, "secret-1": apiSecret });
    await send(url, { method: "POST", body, redirect: "manual" });
    await send(url);
  };
  await send(url);
  await submit(PAIRS.refusedByPage);
  await submit(PAIRS.malformed);
  await submit({ apiKey: PAIRS.page.apiKey, apiSecret: PAIRS.page.apiKey });
  await submit(PAIRS.page);
  await submit(PAIRS.page);
  await send(`${url}?lang=${PAIRS.page.apiKey}`);
  expect((await client.getFeed({ params: connect })).body.status).toBe("active");
}

async function publish(tenantId: string, events: readonly object[], more: object = {}): Promise<void> {
  const MessageBody = JSON.stringify({ version: 1, tenantId, events, ...more });
  await connector.clients.sqs.send(
    new SendMessageCommand({ QueueUrl: connector.queueUrl, MessageBody, MessageGroupId: tenantId }),
  );
}
const track = (messageId: string, more: object = {}) => ({
  type: "track",
  messageId,
  userId: "u1",
  event: "Opened",
  ...more,
});

async function deliverAll(): Promise<void> {
  await publish("acme", [track("m1"), track("m2", { event: "Blocked" }), { type: "nonsense" }]);
  await publish("connect", [track("m3")]);
  await publish("nobody", [track("m4")]);
  await publish("acme", [track("m5")], { feedId: "unknown" });
  await publish("", [track("m6")]);
  await connector.settle();
  // What mParticle does not answer waits as it was built; what it throttles goes back.
  connector.standIn.setFaults(parseFaults("503:1"));
  await publish("acme", [track("m7")]);
  await connector.deliver();
  connector.standIn.setFaults(parseFaults("400:1"));
  await publish("connect", [track("m8")]);
  await connector.deliver();
  connector.standIn.setFaults(NO_FAULTS);
  await connector.settle();
}

/** New keys that production refuses, and former ones that come back; then both are refused, and others are stored. */
async function rotateAndRollBack(): Promise<void> {
  await client.putCredentials({ params: acme, body: PAIRS.second });
  connector.standIn.putFeed({ ...PAIRS.second, kind: "partner", status: "disabled" });
  // A fresh process has no former keys in memory, and meets the refusal at once.
  await connector.functions.forget();
  await publish("acme", [track("m9")]);
  await connector.settle();
  expect((await client.getFeed({ params: acme })).body.status).toBe("credentials_refused");
  const version = secretVersionOf(acme, PAIRS.second);
  await connector.functions.invoke("onboarding-upkeep", {
    source: CREDENTIALS_REFUSED.source,
    "detail-type": CREDENTIALS_REFUSED.detailType,
    detail: { tenant: "tenant#acme", feedId: "default", refusedSecretVersion: version },
  });
  expect((await client.getFeed({ params: acme })).body.status).toBe("active");
  await client.putCredentials({ params: acme, body: PAIRS.third });
}

async function releaseAndReplay(): Promise<void> {
  const detail = { tenantId: "acme", feedId: "default" };
  const changed = { source: FEED_CHANGED.source, "detail-type": FEED_CHANGED.detailType, detail };
  await connector.functions.invoke("release-held", changed);
  const day = 86_400_000;
  const range = {
    from: new Date(Date.now() - day).toISOString(),
    to: new Date(Date.now() + day).toISOString(),
  };
  await client.listRejected({ params: acme, query: range });
  await client.listHeld({ params: acme, query: range });
  await client.replayRejected({ params: acme, body: range });
  await connector.functions.invoke("replay-rejected", { action: "replay", tenantId: null, ...range });
  await connector.settle();
  await connector.functions.invoke("release-held", {});
  await connector.functions.invoke("check-ledger", {});
  await connector.functions.invoke("onboarding-upkeep", {});
}

async function lookAtEverything(): Promise<void> {
  const range = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
  await client.getOpenApi();
  await client.listTenants();
  for (const params of [acme, connect]) {
    await client.getTenant({ params });
    await client.listFeeds({ params });
    await client.listAudit({ params });
    await client.listConnectLinks({ params });
    await client.getLedger({ params, query: range });
    await client.previewFeed({ params, body: { events: [track("m10")] } });
    expect((await client.getEventNames({ params })).body.count).toBe(1);
    await client.resetEventNames({ params });
  }
  await client.deleteFeed({ params: acme });
  await client.deleteTenant({ params: connect });
}

describe("after keys went every way through the connector", () => {
  it("it has done all that it is there for", () => {
    const counts = connector.standIn.counts();
    const accepted = (keys: { apiKey: string }) => counts.feeds.get(keys.apiKey)?.eventIds;

    expect(requests).toBeGreaterThan(10);
    expect(accepted(PAIRS.first)?.get("m1")).toBe(1);
    expect(accepted(PAIRS.page)?.get("m3")).toBe(1);
    // Refused with one pair, held, and delivered with another.
    expect(accepted(PAIRS.third)?.get("m9")).toBe(1);
    for (const [place, text] of places) expect(text.length, place).toBeGreaterThan(500);
    const said = {
      calls: [
        "rejected/tenant%3Dacme",
        "held/tenant%3Dnobody",
        "cause%3Dcredentials_refused",
        "sqs SendMessage",
      ],
      "logs and metrics": ['"EventsDelivered"', '"Keys submitted"', '"Request answered"'],
      traces: ["PutItem", "## "],
      answers: ["credentials_malformed", "connected"],
      "the table": ["credentials_rolled_back", "audit#connect"],
      "the bucket": ["held/tenant=nobody"],
    };
    for (const [place, texts] of Object.entries(said))
      expect(texts.filter((text) => !places.get(place)?.includes(text))).toEqual([]);
  });

  it("no key and no secret is anywhere but in Secrets Manager, in whatever form", () => {
    for (const secret of SECRETS) expect(findSecret(secret, places)).toEqual([]);
  });

  it.each(
    Object.entries({
      "deliver-events": TABLE_RIGHTS.Live,
      "release-held": TABLE_RIGHTS.Release,
      "replay-rejected": TABLE_RIGHTS.Replay,
      "check-ledger": TABLE_RIGHTS.Check,
      "onboarding-api": TABLE_RIGHTS.Onboarding,
      "connect-page": TABLE_RIGHTS.Connect,
      "onboarding-upkeep": TABLE_RIGHTS.Upkeep,
    }),
  )("%s has asked of the table what its role allows", (name, rights) => {
    const calls = connector.tableCalls.get(name) ?? [];

    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((call) => !isAllowed(call, rights))).toEqual([]);
  });
});

describe("the search", () => {
  const secret = PAIRS.first.apiSecret;
  const basic = Buffer.from(`${PAIRS.first.apiKey}:${secret}`).toString("base64");

  it.each([
    ["plain", secret],
    ["in capital letters", secret.toUpperCase()],
    ["in JSON", JSON.stringify({ secret })],
    ["in JSON in JSON", JSON.stringify({ body: JSON.stringify({ secret }) })],
    ["in a URL", `https://host/?s=${encodeURIComponent(secret)}`],
    ["in a form", new URLSearchParams({ secret }).toString()],
    ["in the header that carries both", `Basic ${basic}`],
    ["in hexadecimal digits", Buffer.from(secret).toString("hex")],
    ["in base64 within a text", Buffer.from(`a${secret}b`).toString("base64url")],
  ])("would find a secret %s", (_, text) => {
    expect(
      findSecret(
        secret,
        new Map([
          ["there", `before ${text} after`],
          ["elsewhere", basic.slice(0, 20)],
        ]),
      ),
    ).toEqual(["there"]);
    expect(formsOf(secret).every((form) => form.length > 20)).toBe(true);
  });
});
