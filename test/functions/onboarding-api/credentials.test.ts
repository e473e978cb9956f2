import { DescribeSecretCommand, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeEach, expect, test } from "vitest";
import { verifyFeed } from "../../../functions/onboarding-api/use-cases/credentials.ts";
import { SECRET_PREFIX } from "../../../local/connector.ts";
import { NO_FAULTS, parseFaults } from "../../../local/stand-in/faults.ts";
import { secretVersionOf } from "../../../shared/core/onboarding/fingerprint.ts";
import { storeCredentials } from "../../../shared/onboarding/store-credentials.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { problemOf, startOnboardingWorld } from "./onboarding-world.ts";

const world = await startOnboardingWorld();
afterAll(() => world.close());

let params: FeedId;
beforeEach(async () => {
  params = await world.newFeed();
});

/** Keys that the stand-in accepts. */
function goodKeys(name = "a", kind: "partner" | "custom" = "partner") {
  const keys = { apiKey: `key-${params.tenantId}-${name}`, apiSecret: `secret-${params.tenantId}-${name}` };
  world.standIn.putFeed({ ...keys, kind });
  return keys;
}
const store = (keys: { apiKey: string; apiSecret: string }, feed = params) =>
  world.client.putCredentials({ params: feed, body: keys });
const feed = async () => (await world.client.getFeed({ params })).body;
const secretName = () => `${SECRET_PREFIX}/${params.tenantId}/${params.feedId}`;
const secret = async (VersionStage = "AWSCURRENT") => {
  const read = new GetSecretValueCommand({ SecretId: secretName(), VersionStage });
  const { SecretString = "" } = await world.clients.secretsManager.send(read);
  return JSON.parse(SecretString);
};
const actions = async () =>
  (await world.client.listAudit({ params })).body.entries.map(({ action, details }) => [action, details]);

test("stores keys that mParticle accepts, and tells their fingerprint and what the test cannot tell", async () => {
  const keys = goodKeys();

  const { body } = await store(keys);

  expect(await secret()).toEqual(keys);
  expect(body.verification).toMatchObject({ outcome: "accepted", screen: expect.any(String) });
  expect(body.verification.caveats.length).toBeGreaterThan(0);
  expect(await feed()).toMatchObject({
    status: "active",
    environment: "development",
    credentials: { fingerprint: body.credentials.fingerprint, verification: { outcome: "accepted" } },
  });
  expect(body.credentials.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(world.announced).toEqual([params]);
  expect((await actions())[0]).toEqual(["credentials_stored", { fingerprint: body.credentials.fingerprint }]);
});

test("tests keys with one marked event of nobody, in development", async () => {
  const keys = goodKeys();
  const before = world.standIn.counts();

  await store(keys);

  const after = world.standIn.counts();
  expect(after.requests.total).toBe(before.requests.total + 1);
  expect(after.requests.byResult["202"] ?? 0).toBe((before.requests.byResult["202"] ?? 0) + 1);
});

test("tags secrets, and names them for delivery", async () => {
  await store(goodKeys());

  const { Tags } = await world.clients.secretsManager.send(
    new DescribeSecretCommand({ SecretId: secretName() }),
  );
  expect(Tags).toEqual([
    { Key: "application", Value: "partner-feed-connector" },
    { Key: "tenantId", Value: params.tenantId },
    { Key: "feedId", Value: "default" },
  ]);
});

test("stores nothing that mParticle refuses, and says what to look at", async () => {
  const problem = await problemOf(store({ apiKey: "unknown-key", apiSecret: "unknown-secret" }));

  expect(problem).toMatchObject({
    status: 422,
    code: "credentials_refused",
    verification: { outcome: "refused", screen: "Setup > Inputs > Feeds" },
  });
  await expect(secret()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  expect(await feed()).toMatchObject({ status: "pending" });
  // What is no key may be somebody's password: no hash of it is kept.
  expect((await actions())[0]).toEqual(["credentials_not_accepted", { outcome: "refused" }]);
});

test("a refused rotation leaves the working keys as they are", async () => {
  const keys = goodKeys();
  await store(keys);
  const before = await feed();

  const problem = await problemOf(store({ apiKey: "wrong", apiSecret: "also-wrong" }));

  expect(problem?.code).toBe("credentials_refused");
  expect(await secret()).toEqual(keys);
  expect(await feed()).toMatchObject({ status: "active", credentials: before.credentials });
});

test.each(["429:1", "503:1", "reset:1", "timeout:1", "400:1"])(
  "stores nothing when mParticle answers %s, and says that nothing is known",
  async (spec) => {
    const keys = goodKeys();
    world.standIn.setFaults(parseFaults(spec), keys.apiKey);

    const problem = await problemOf(store(keys));

    expect(problem).toMatchObject({ status: 503, code: "unavailable" });
    expect(problem?.verification?.outcome).not.toBe("accepted");
    await expect(secret()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    world.standIn.setFaults(NO_FAULTS, keys.apiKey);
    expect((await store(keys)).status).toBe(200);
  },
);

test("a rotation keeps the former keys as the previous version", async () => {
  const [first, second] = [goodKeys("a"), goodKeys("b")];
  await store(first);
  const before = await feed();

  await store(second);

  expect(await secret()).toEqual(second);
  expect(await secret("AWSPREVIOUS")).toEqual(first);
  expect((await feed()).credentials).toMatchObject({
    previous: { fingerprint: before.credentials?.fingerprint, storedAt: before.credentials?.storedAt },
  });
});

test("the same keys again do not replace themselves", async () => {
  const [first, second] = [goodKeys("a"), goodKeys("b")];
  await store(first);
  await store(second);
  const before = await feed();

  await store(second);

  expect(await secret("AWSPREVIOUS")).toEqual(first);
  expect((await feed()).credentials?.previous).toEqual(before.credentials?.previous);
});

test("keys can go back to former ones", async () => {
  const [first, second] = [goodKeys("a"), goodKeys("b")];
  await store(first);
  await store(second);

  await store(first);

  expect(await secret()).toEqual(first);
  expect(await secret("AWSPREVIOUS")).toEqual(second);
});

test("new keys end a refusal, and tell that events may go on", async () => {
  await store(goodKeys("a"));
  await world.refuseKeys(params, "v1");
  world.announced.length = 0;

  await store(goodKeys("b"));

  expect(await feed()).toMatchObject({ status: "active" });
  expect(world.announced).toEqual([params]);
});

test("a key is one tenant's, whatever feed of it", async () => {
  const keys = goodKeys();
  await store(keys);
  const sibling = { ...params, feedId: "ios" };
  await world.client.putFeed({ params: sibling, body: {} });
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });

  expect(await problemOf(store(keys, stranger))).toMatchObject({ status: 409, code: "key_in_use" });
  const { entries } = (await world.client.listAudit({ params: stranger })).body;
  expect(entries[0]).toMatchObject({
    action: "credentials_not_accepted",
    feedId: "default",
    details: { outcome: "key_in_use" },
  });
  expect((await store(keys, sibling)).status).toBe(200);
  // Only when the last feed is gone, the key is free.
  await world.client.deleteFeed({ params });
  expect((await problemOf(store(keys, stranger)))?.code).toBe("key_in_use");
  await world.client.deleteFeed({ params: sibling });
  expect((await store(keys, stranger)).status).toBe(200);
});

test("keys that were not accepted stay free for others", async () => {
  const keys = { apiKey: `later-${params.tenantId}`, apiSecret: "later-secret" };
  await problemOf(store(keys));
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });
  world.standIn.putFeed({ ...keys, kind: "partner" });

  expect((await store(keys, stranger)).status).toBe(200);
});

test("whether a key is another tenant's, nobody learns who has not its secret too", async () => {
  const keys = goodKeys();
  const guess = { ...keys, apiSecret: "a-guess" };
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });

  const before = await problemOf(store(guess, stranger));
  await store(keys);
  const after = await problemOf(store(guess, stranger));

  expect(after?.code).toBe("credentials_refused");
  expect(after?.detail).toBe(before?.detail);
});

test("a test of keys that dies leaves them free for others", async () => {
  const keys = goodKeys();
  const dies = {
    ...world.deps,
    prover: { prove: () => Promise.reject(new Error("out of memory")) },
  };
  const caller = { by: "test", requestId: "r" };
  await expect(storeCredentials(params, keys, caller, dies)).rejects.toThrow("out of memory");
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });

  expect((await store(keys, stranger)).status).toBe(200);
});

test("of two changes of a feed's keys at once, one waits", async () => {
  const keys = [goodKeys("a"), goodKeys("b"), goodKeys("c"), goodKeys("d")];
  for (const { apiKey } of keys) world.standIn.setFaults(parseFaults("latency:100-150"), apiKey);

  const problems = await Promise.all(keys.map((pair) => problemOf(store(pair))));

  const stored = problems.indexOf(undefined);
  expect(problems.filter((problem) => problem === undefined)).toHaveLength(1);
  expect(problems.filter((problem) => problem?.code === "busy" || problem?.code === "conflict")).toHaveLength(
    3,
  );
  expect(await secret()).toEqual(keys[stored]);
});

test("a feed goes live once its keys were accepted, and not by keys for another host", async () => {
  const keys = goodKeys("a", "custom");
  await world.client.putFeed({ params, body: { kind: "custom" } });
  await store(keys);
  await world.client.putFeed({ params, body: { kind: "partner" } });
  expect((await problemOf(world.client.goLive({ params })))?.status).toBe(409);
  await world.client.putFeed({ params, body: { kind: "custom" } });
  await world.client.verifyFeed({ params });

  const { body } = await world.client.goLive({ params });

  expect(body.environment).toBe("production");
  const replaced = await world.client.putFeed({ params, body: { kind: "custom", historicalAfterDays: 9 } });
  expect(replaced.body.environment).toBe("production");
  for (const elsewhere of [{ kind: "partner" }, { kind: "custom", pod: "eu1" }] as const)
    expect((await problemOf(world.client.putFeed({ params, body: elsewhere })))?.status).toBe(409);
  const back = await world.client.putFeed({ params, body: { kind: "custom", environment: "development" } });
  expect(back.body.environment).toBe("development");
});

test("verifies stored keys, and answers with success whatever it finds", async () => {
  expect((await problemOf(world.client.verifyFeed({ params })))?.status).toBe(409);
  const keys = goodKeys();
  await store(keys);
  world.standIn.putFeed({ ...keys, kind: "partner", status: "disabled" });

  const { body } = await world.client.verifyFeed({ params });

  expect(body.verification.outcome).toBe("refused");
  expect((await feed()).credentials?.verification?.outcome).toBe("refused");
});

/** Verifies while, between the test of the stored keys and its answer, something else happens. */
const verifyWhile = (meanwhile: () => Promise<unknown>) =>
  verifyFeed({ params, caller: { by: "test", requestId: "r" } } as Parameters<typeof verifyFeed>[0], {
    ...world.deps,
    storedKeys: {
      prove: async (asked) => {
        const proof = await world.deps.storedKeys.prove(asked);
        await meanwhile();
        return proof;
      },
    },
  });

test("a test of keys that were replaced meanwhile says nothing of those that replaced them", async () => {
  await store(goodKeys("a"));

  const { body } = await verifyWhile(() => store(goodKeys("b")));

  expect(body.verification.outcome).toBe("accepted");
  const { credentials } = (await world.deps.registry.feed(params.tenantId, params.feedId)) ?? {};
  expect(credentials?.secretVersion).toBe(secretVersionOf(params, goodKeys("b")));
  expect(credentials?.previous?.secretVersion).toBe(secretVersionOf(params, goodKeys("a")));
});

test("a feed that is deleted while its keys are tested is not there", async () => {
  await store(goodKeys());

  await expect(verifyWhile(() => world.client.deleteFeed({ params }))).rejects.toMatchObject({
    code: "not_found",
  });
});

test("keys that were stored past the API are known once they were tested, with those that they replaced", async () => {
  const [first, second] = [goodKeys("a"), goodKeys("b")];
  await store(first);
  const before = await feed();
  await world.deps.secrets.store(params, second, secretVersionOf(params, second));

  await world.client.verifyFeed({ params });

  expect((await feed()).credentials).toMatchObject({
    verification: { outcome: "accepted" },
    previous: { fingerprint: before.credentials?.fingerprint },
  });
});

test("keys that were stored past the API are not taken over where they are another tenant's", async () => {
  const keys = goodKeys();
  await store(keys);
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });
  await world.deps.secrets.store(stranger, keys, secretVersionOf(stranger, keys));

  expect(await problemOf(world.client.verifyFeed({ params: stranger }))).toMatchObject({
    code: "key_in_use",
  });

  expect((await world.client.getFeed({ params: stranger })).body).not.toHaveProperty("credentials");
  // Once they are nobody else's, they are its own.
  await world.client.deleteFeed({ params });
  await world.client.verifyFeed({ params: stranger });
  expect(await problemOf(store(keys, params))).toMatchObject({ code: "not_found" });
  await world.client.putFeed({ params, body: {} });
  expect(await problemOf(store(keys, params))).toMatchObject({ code: "key_in_use" });
});

test("keys that were stored past the API and that mParticle refuses are told of, and not taken over", async () => {
  const strange = { apiKey: `strange-${params.tenantId}`, apiSecret: "strange-secret" };
  await world.deps.secrets.store(params, strange, secretVersionOf(params, strange));

  const { body } = await world.client.verifyFeed({ params });

  expect(body.verification.outcome).toBe("refused");
  expect(await feed()).not.toHaveProperty("credentials");
});

test.each([
  ["in capital letters", (hex: string) => hex.toUpperCase()],
  ["with its region", (hex: string) => `us1-${hex}`],
  ["with another region in capital letters", (hex: string) => `EU1-${hex.toUpperCase()}`],
])("a key is the same key %s", async (_, written) => {
  const hex = params.tenantId.replace(/\D/g, "").padStart(32, "0abcdef");
  const [plain, other] = [hex, written(hex)].map((apiKey) => ({ apiKey, apiSecret: `secret-${hex}` }));
  if (!plain || !other) throw new Error("two keys");
  for (const keys of [plain, other]) world.standIn.putFeed({ ...keys, kind: "partner" });
  const stranger = { tenantId: `${params.tenantId}-other`, feedId: "default" };
  await world.client.putTenant({ params: stranger, body: {} });
  await world.client.putFeed({ params: stranger, body: {} });
  await store(plain);

  expect(await problemOf(store(other, stranger))).toMatchObject({ code: "key_in_use" });
});

test("a deleted feed's secret waits for its deletion, and comes back with the feed", async () => {
  const keys = goodKeys();
  await store(keys);

  expect((await world.client.deleteFeed({ params })).status).toBe(204);

  expect((await problemOf(world.client.getFeed({ params })))?.status).toBe(404);
  const { DeletedDate } = await world.clients.secretsManager.send(
    new DescribeSecretCommand({ SecretId: secretName() }),
  );
  expect(DeletedDate).toBeDefined();
  await world.client.putFeed({ params, body: {} });
  expect((await feed()).credentials).toBeUndefined();
  await store(keys);
  expect(await secret()).toEqual(keys);
});

test.each([
  ["", "secret", "/apiKey", "empty"],
  ["   ", "secret", "/apiKey", "empty"],
  ["key", "", "/apiSecret", "empty"],
  ["key ", "secret", "/apiKey", "whitespace"],
  ["key", "sec\nret", "/apiSecret", "whitespace"],
  ['"key"', "secret", "/apiKey", "quoted"],
  ["key", "“secret”", "/apiSecret", "quoted"],
  ["same", "same", "/apiSecret", "equal"],
  ["k\u0000y", "secret", "/apiKey", "wrong_form"],
  ["a:b", "secret", "/apiKey", "wrong_form"],
  ["A".repeat(64), "0123456789abcdef0123456789abcdef", "/apiKey", "swapped"],
])(
  "says what is plainly wrong with keys, without sending them: %j %j",
  async (apiKey, apiSecret, pointer, code) => {
    const { requests } = world.standIn.counts();

    const problem = await problemOf(store({ apiKey, apiSecret }));

    expect(problem).toMatchObject({
      status: 422,
      code: "credentials_malformed",
      errors: [{ pointer, code }],
    });
    expect(world.standIn.counts().requests).toEqual(requests);
  },
);

test("keys are in no answer, log line or item of the table", async () => {
  const { ScanCommand } = await import("@aws-sdk/client-dynamodb");
  const keys = goodKeys("findme");
  const texts: string[] = [];
  texts.push(JSON.stringify(await store(keys)));
  texts.push(JSON.stringify(await feed()), JSON.stringify(await world.client.verifyFeed({ params })));
  texts.push(
    JSON.stringify(await problemOf(store({ apiKey: keys.apiKey, apiSecret: ` ${keys.apiSecret}` }))),
  );
  texts.push(JSON.stringify(await problemOf(store({ ...keys, [keys.apiSecret]: "x".repeat(600) } as never))));
  texts.push(
    await (
      await world.send("PUT", `/v1/tenants/${params.tenantId}/feeds/default/credentials`, {
        headers: { "content-type": "application/json" },
        body: `{"apiKey": "${keys.apiKey}", "apiSecret": "${keys.apiSecret}"`,
      })
    ).text(),
  );
  texts.push(JSON.stringify((await world.client.listAudit({ params })).body));
  texts.push(JSON.stringify(world.log.lines), JSON.stringify(world.reports));
  texts.push(
    JSON.stringify(
      (await world.clients.dynamodb.send(new ScanCommand({ TableName: world.state.tableName }))).Items,
    ),
  );

  for (const text of texts) {
    expect(text).not.toContain(keys.apiKey);
    expect(text).not.toContain(keys.apiSecret);
  }
});
