/** Whoever changes a feed's keys may die between any two writes: what is left is brought to its end, and never loses working keys. */
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps as createApiDeps } from "../../../functions/onboarding-api/create-deps.ts";
import type { Call } from "../../../functions/onboarding-api/use-case.ts";
import { verifyFeed } from "../../../functions/onboarding-api/use-cases/credentials.ts";
import { createDeps as createUpkeepDeps } from "../../../functions/onboarding-upkeep/create-deps.ts";
import { dropPrevious } from "../../../functions/onboarding-upkeep/drop-previous.ts";
import { rollBack } from "../../../functions/onboarding-upkeep/roll-back.ts";
import { tend } from "../../../functions/onboarding-upkeep/tend.ts";
import type { UpkeepDeps } from "../../../functions/onboarding-upkeep/upkeep.ts";
import { type AwsClients, connectorEnv, SECRET_PREFIX } from "../../../local/connector.ts";
import { SecretsCredentialStore } from "../../../shared/aws/credential-store.ts";
import { DynamoLedger } from "../../../shared/aws/ledger-store.ts";
import { hourOf } from "../../../shared/core/hour.ts";
import { keyHashOf, secretVersionOf } from "../../../shared/core/onboarding/fingerprint.ts";
import { parseOnboardingApiEnv, parseOnboardingUpkeepEnv } from "../../../shared/core/validators.ts";
import { storeCredentials } from "../../../shared/onboarding/store-credentials.ts";
import type { KeyProver } from "../../../shared/ports-onboarding.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { type Blow, mortalClients } from "./mortal-clients.ts";
import { type OnboardingWorld, startOnboardingWorld } from "./onboarding-world.ts";

const NOW_MS = Date.parse("2026-11-20T03:30:00Z");
const MINUTE_MS = 60_000;
const CALLER = { by: "test", requestId: "r" };

let world: OnboardingWorld;
let count = 0;

beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());

/** A feed, and those who change its keys. */
class Story {
  readonly feed = { tenantId: `tenant-${++count}`, feedId: "default" };
  #nowMs = NOW_MS;
  readonly #clock = { ...systemClock, nowMs: () => this.#nowMs };

  static async begin(): Promise<Story> {
    const story = new Story();
    world.setNow(NOW_MS);
    await world.client.putTenant({ params: story.feed, body: {} });
    await world.client.putFeed({ params: story.feed, body: {} });
    return story;
  }

  keys(name: string) {
    return { apiKey: `key-${this.feed.tenantId}-${name}`, apiSecret: `secret-${name}` };
  }
  version = (name: string) => secretVersionOf(this.feed, this.keys(name));
  pass(ms: number): void {
    this.#nowMs += ms;
    world.setNow(this.#nowMs);
  }

  /** @param whileTested - What happens while the keys are tested. */
  async store(
    name: string,
    clients = world.clients,
    whileTested: () => Promise<unknown> = async () => undefined,
  ) {
    const deps = this.#apiDeps(clients);
    const prover: KeyProver = {
      prove: async () => {
        await whileTested();
        return { kind: "accepted" };
      },
    };
    await storeCredentials(this.feed, this.keys(name), CALLER, { ...deps, prover }).finally(deps.close);
  }

  async storeRefused(name: string): Promise<void> {
    const deps = this.#apiDeps(world.clients);
    const prover: KeyProver = { prove: async () => ({ kind: "unauthorized", status: 401 }) };
    await storeCredentials(this.feed, this.keys(name), CALLER, { ...deps, prover }).finally(deps.close);
  }

  /** As somebody does who has no regard for the API. */
  async storePastTheApi(name: string): Promise<void> {
    await world.deps.secrets.store(this.feed, this.keys(name), this.version(name));
  }

  async verify(clients = world.clients): Promise<void> {
    const credentials = new SecretsCredentialStore({
      client: world.clients.secretsManager,
      prefix: SECRET_PREFIX,
      clock: this.#clock,
      random: Math.random,
      log: world.log,
    });
    const { tenantId, feedId } = this.feed;
    const stored = await credentials.find(tenantId, feedId);
    if (!stored) throw new Error("no keys");
    const { apiKey, version: secretVersion } = stored;
    const proof = { outcome: { kind: "accepted" as const }, secretVersion, keyHash: keyHashOf(apiKey) };
    const deps = this.#apiDeps(clients);
    const call = { params: this.feed, caller: CALLER } as Call<"verifyFeed">;
    await verifyFeed(call, { ...deps, storedKeys: { prove: async () => proof } }).finally(() => deps.close());
  }

  /** What delivery writes when mParticle refuses the keys. */
  async refuse(name: string): Promise<void> {
    await world.clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: world.state.tableName,
        Key: { pk: { S: `tenant#${this.feed.tenantId}` }, sk: { S: "feed#default" } },
        UpdateExpression: "SET #status = :refused, refusedSecretVersion = :version",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":refused": { S: "credentials_refused" },
          ":version": { S: this.version(name) },
        },
      }),
    );
  }

  async rollBack(name: string, clients = world.clients): Promise<void> {
    const { tenantId, feedId } = this.feed;
    const refused = { tenant: `tenant#${tenantId}`, feedId, refusedSecretVersion: this.version(name) };
    await rollBack(refused, this.#upkeepDeps(clients));
  }

  async dropPrevious(clients = world.clients): Promise<void> {
    await dropPrevious(this.feed.tenantId, await this.record(), this.#upkeepDeps(clients));
  }

  async deliver(): Promise<void> {
    const table = { client: world.clients.dynamodb, tableName: world.state.tableName };
    const ledger = new DynamoLedger({ ...table, clock: this.#clock, log: world.log, writerId: "test" });
    await ledger.add([{ ...this.feed, hour: hourOf(this.#nowMs), first: 1, delivered: 1 }]);
  }

  /** The hourly run, as far as this tenant is concerned. */
  async upkeep(clients = world.clients): Promise<number> {
    const deps = this.#upkeepDeps(clients);
    const tenants = async () => {
      const tenant = await deps.registry.tenant(this.feed.tenantId);
      return { entries: tenant ? [tenant] : [], unreadable: [] };
    };
    const registry = new Proxy(deps.registry, {
      get: (target, name) => {
        const given = Reflect.get(target, name);
        return name === "tenants" ? tenants : typeof given === "function" ? given.bind(target) : given;
      },
    });
    return (await tend(() => 300_000, { ...deps, registry })).failures;
  }

  async record() {
    const record = await world.deps.registry.feed(this.feed.tenantId, this.feed.feedId);
    if (!record) throw new Error("no feed");
    return record;
  }

  /** What item, secret and claims say of the feed's keys, by their names. */
  async state(names: readonly string[]) {
    const { credentials, rotation, status, refusedSecretVersion } = await this.record();
    const { current, previous, isDeleting } = await world.deps.secrets.versions(this.feed);
    const nameOf = (version: string | undefined) =>
      version && (names.find((name) => this.version(name) === version) ?? "unknown");
    const claims = await Promise.all(names.map((name) => this.#isClaimed(name)));
    return {
      item: [nameOf(credentials?.secretVersion), nameOf(credentials?.previous?.secretVersion)],
      secret: isDeleting ? [undefined, undefined] : [nameOf(current), nameOf(previous)],
      claimed: names.filter((_, i) => claims[i]),
      status,
      isUnsettled: rotation !== undefined || refusedSecretVersion !== undefined,
    };
  }

  async #isClaimed(name: string): Promise<boolean> {
    const Key = { pk: { S: `key#${keyHashOf(this.keys(name).apiKey)}` }, sk: { S: "claim" } };
    const get = new GetItemCommand({ TableName: world.state.tableName, Key, ConsistentRead: true });
    return (await world.clients.dynamodb.send(get)).Item !== undefined;
  }

  #apiDeps(clients: AwsClients) {
    const env = { ...connectorEnv(world.state, world.standIn.url), AUTHORIZER: "jwt" };
    const functions = { VERIFY_FEED_FUNCTION: "none", REPLAY_REJECTED_FUNCTION: "none" };
    const { storedKeys, replays, changes } = world.deps;
    const surroundings = { clients, storedKeys, replays, changes, clock: this.#clock, log: world.log };
    return createApiDeps(parseOnboardingApiEnv({ ...env, ...functions }), surroundings);
  }

  #upkeepDeps(clients: AwsClients): UpkeepDeps {
    const { tableName, bucketName } = world.state;
    const env = { TABLE_NAME: tableName, BUCKET_NAME: bucketName, SECRET_PREFIX };
    const { changes } = world.deps;
    return createUpkeepDeps(parseOnboardingUpkeepEnv(env), {
      clients,
      changes,
      clock: this.#clock,
      log: world.log,
    });
  }
}

interface Scenario {
  readonly title: string;
  readonly prepare: (story: Story) => Promise<void>;
  readonly act: (story: Story, clients: AwsClients) => Promise<void>;
  /** Of the act, so that none is left out unseen. */
  readonly writes: number;
  /** What follows upkeep. @default nothing */
  readonly afterwards?: (story: Story) => Promise<void>;
  /** Current and previous keys that may come of it. */
  readonly ends: readonly (readonly [string | undefined, string | undefined])[];
}

const NONE = undefined;

const storedTwice = async (story: Story) => {
  await story.store("a");
  await story.store("b");
};
const deleted = async (story: Story) => {
  await storedTwice(story);
  await world.client.deleteFeed({ params: story.feed });
  await world.client.putFeed({ params: story.feed, body: {} });
};

const SCENARIOS: readonly Scenario[] = [
  {
    title: "first keys",
    prepare: async () => {},
    act: (story, clients) => story.store("a", clients),
    writes: 6,
    ends: [
      [NONE, NONE],
      ["a", NONE],
    ],
  },
  {
    title: "keys that replace others, which replaced others",
    prepare: storedTwice,
    act: (story, clients) => story.store("c", clients),
    writes: 8,
    ends: [
      ["b", "a"],
      ["c", "b"],
    ],
  },
  {
    title: "former keys again",
    prepare: storedTwice,
    act: (story, clients) => story.store("a", clients),
    writes: 7,
    ends: [
      ["b", "a"],
      ["a", "b"],
    ],
  },
  {
    title: "the same keys again",
    prepare: storedTwice,
    act: (story, clients) => story.store("b", clients),
    writes: 5,
    ends: [["b", "a"]],
  },
  {
    title: "other keys for a feed that was deleted and came back",
    prepare: deleted,
    act: (story, clients) => story.store("c", clients),
    writes: 8,
    ends: [
      [NONE, NONE],
      ["c", NONE],
    ],
  },
  {
    title: "the same keys for a feed that was deleted and came back",
    prepare: deleted,
    act: (story, clients) => story.store("b", clients),
    writes: 7,
    ends: [
      [NONE, NONE],
      ["b", NONE],
    ],
  },
  {
    title: "keys that replace refused ones, which replaced working ones",
    prepare: async (story) => {
      await storedTwice(story);
      await story.refuse("b");
    },
    act: (story, clients) => story.store("c", clients),
    writes: 12,
    ends: [
      ["a", NONE],
      ["c", "a"],
    ],
  },
  {
    title: "refused keys that are stored again, as mParticle takes them now",
    prepare: async (story) => {
      await storedTwice(story);
      await story.refuse("b");
    },
    act: (story, clients) => story.store("b", clients),
    writes: 5,
    ends: [
      ["a", NONE],
      ["b", "a"],
    ],
  },
  {
    title: "a roll-back",
    prepare: async (story) => {
      await storedTwice(story);
      await story.refuse("b");
    },
    act: (story, clients) => story.rollBack("b", clients),
    writes: 7,
    ends: [["a", NONE]],
  },
  {
    title: "letting go of former keys",
    prepare: async (story) => {
      await storedTwice(story);
      story.pass(120 * MINUTE_MS);
      await story.deliver();
    },
    act: (story, clients) => story.dropPrevious(clients),
    writes: 6,
    ends: [["b", NONE]],
  },
  {
    title: "taking over keys that were stored past the API",
    prepare: async (story) => {
      await storedTwice(story);
      await story.storePastTheApi("c");
    },
    act: (story, clients) => story.verify(clients),
    writes: 7,
    // Nobody knows of them before they are tested.
    afterwards: (story) => story.verify(),
    ends: [["c", "b"]],
  },
  {
    title: "bringing to its end what a death left behind",
    prepare: async (story) => {
      await storedTwice(story);
      await dieStoring("c", story);
      story.pass(MINUTE_MS);
    },
    act: async (story, clients) => {
      if ((await story.upkeep(clients)) > 0) throw new Error("upkeep failed");
    },
    writes: 6,
    ends: [["c", "b"]],
  },
];

const BLOWS: readonly Blow[] = ["dies before", "fails at", "hears nothing of"];

/** @returns whether the blow came before the act was at its end. */
async function strike(at: number, blow: Blow, act: (clients: AwsClients) => Promise<void>): Promise<boolean> {
  const { clients, writes } = mortalClients(world.clients, at, blow);
  await act(clients).catch(() => {});
  return writes() >= at;
}

/** Dies when the keys are current, and the item does not say so. */
async function dieStoring(name: string, story: Story): Promise<void> {
  expect(await strike(6, "dies before", (clients) => story.store(name, clients))).toBe(true);
  expect((await world.deps.secrets.versions(story.feed)).current).toBe(story.version(name));
  expect((await story.record()).credentials?.secretVersion).not.toBe(story.version(name));
}

const NAMES = ["a", "b", "c", "d"];

test.each(SCENARIOS.flatMap((scenario) => BLOWS.map((blow) => ({ ...scenario, blow }))))(
  "$title: who $blow any write leaves what upkeep brings to its end",
  async ({ prepare, act, writes, ends, afterwards, blow }) => {
    for (let at = 1; ; at++) {
      const story = await Story.begin();
      await prepare(story);
      const before = await story.state(NAMES);
      world.announced.length = 0;
      if (!(await strike(at, blow, (clients) => act(story, clients)))) {
        expect(at - 1).toBe(writes);
        return;
      }
      // The reservation of who died is over.
      story.pass(MINUTE_MS);

      expect(await story.upkeep()).toBe(0);
      await afterwards?.(story);

      const { item, secret, claimed, status, isUnsettled } = await story.state(NAMES);
      expect(secret, `after write ${at}`).toEqual(item);
      expect(ends, `after write ${at}`).toContainEqual(item);
      expect(claimed, `after write ${at}`).toEqual(NAMES.filter((name) => item.includes(name)));
      expect([status, isUnsettled], `after write ${at}`).toEqual([item[0] ? "active" : "pending", false]);
      // Else what is held for the feed would not hear of it.
      if (item[0] !== before.item[0]) expect(world.announced).toContainEqual(story.feed);
    }
  },
);

test("keys that are stored after a death find out how far it came", async () => {
  const story = await Story.begin();
  await storedTwice(story);
  await dieStoring("c", story);
  await expect(story.store("d")).rejects.toMatchObject({ code: "busy" });
  story.pass(MINUTE_MS);

  await story.store("d");

  expect(await story.state(NAMES)).toMatchObject({
    item: ["d", "c"],
    secret: ["d", "c"],
    claimed: ["c", "d"],
    isUnsettled: false,
  });
});

test("keys that are stored after a death that came before they were current replace those that are", async () => {
  const story = await Story.begin();
  await storedTwice(story);
  await strike(5, "dies before", (clients) => story.store("c", clients));
  story.pass(MINUTE_MS);

  await story.store("d");

  expect(await story.state(NAMES)).toMatchObject({
    item: ["d", "b"],
    secret: ["d", "b"],
    claimed: ["b", "d"],
    isUnsettled: false,
  });
});

test("a restored secret that took no keys is deleted again by upkeep, whatever fails in between", async () => {
  const story = await Story.begin();
  await deleted(story);
  await strike(6, "dies before", (clients) => story.store("c", clients));
  expect((await world.deps.secrets.versions(story.feed)).isDeleting).toBe(false);
  story.pass(MINUTE_MS);
  await expect(story.storeRefused("d")).rejects.toMatchObject({ code: "credentials_refused" });

  await story.upkeep();

  expect((await world.deps.secrets.versions(story.feed)).isDeleting).toBe(true);
  expect(await story.state(NAMES)).toMatchObject({ claimed: [], isUnsettled: false });
});

test("a deleted feed leaves no claim of keys that were about to be stored", async () => {
  const story = await Story.begin();
  await strike(4, "dies before", (clients) => story.store("a", clients));
  story.pass(MINUTE_MS);

  await world.client.deleteFeed({ params: story.feed });
  await world.client.putFeed({ params: story.feed, body: {} });

  expect(await story.state(NAMES)).toMatchObject({ claimed: [] });
});

test("keys that mParticle refuses, and whose storing died on the way, are rolled back at once", async () => {
  const story = await Story.begin();
  await storedTwice(story);
  await dieStoring("c", story);
  await story.refuse("c");
  story.pass(MINUTE_MS);

  await story.rollBack("c");

  expect(await story.state(NAMES)).toEqual({
    item: ["b", undefined],
    secret: ["b", undefined],
    claimed: ["b"],
    status: "active",
    isUnsettled: false,
  });
});

test("a roll-back that is not possible writes nothing, or its event would bring it back for ever", async () => {
  const story = await Story.begin();
  await storedTwice(story);
  await story.refuse("b");
  await world.deps.secrets.dropPrevious(story.feed, story.version("a"));
  const before = await story.record();

  await story.rollBack("b");
  await story.upkeep();

  expect(await story.record()).toEqual(before);
});

test("a tenant whose deletion begins while keys are stored has an item that tells of them", async () => {
  const story = await Story.begin();
  await storedTwice(story);

  await story.store("c", world.clients, () => world.client.deleteTenant({ params: story.feed }));

  expect(await story.state(NAMES)).toMatchObject({ item: ["c", "b"], secret: ["c", "b"] });
});

test("keys that are refused while others are tested are not what those go back to", async () => {
  const story = await Story.begin();
  await storedTwice(story);

  await story.store("c", world.clients, () => story.refuse("b"));

  expect(await story.state(NAMES)).toMatchObject({
    item: ["c", "a"],
    secret: ["c", "a"],
    claimed: ["a", "c"],
  });
});
