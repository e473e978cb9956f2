import { afterAll, beforeAll, expect, test } from "vitest";
import { OnboardingError } from "../../../shared/client/onboarding-client.ts";
import { type OnboardingWorld, startOnboardingWorld } from "./onboarding-world.ts";

let world: OnboardingWorld;
beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());

const prefixed = (attributePrefix: string) => ({ mapping: { attributePrefix } });
const versions = async (params: { tenantId: string; feedId: string }) =>
  (await world.client.listMappings({ params })).body.mappings.map(({ version, isCurrent }) =>
    isCurrent ? `${version} current` : String(version),
  );

test("keeps what a feed's mapping was before each change, and counts the changes", async () => {
  const params = await world.newFeed();

  await world.client.putFeed({ params, body: prefixed("a_") });
  await world.client.putFeed({ params, body: prefixed("a_") });
  const { body } = await world.client.putFeed({ params, body: { ...prefixed("b_"), platforms: ["iOS"] } });
  await world.client.putFeed({ params, body: { ...prefixed("b_"), platforms: [] } });

  expect(body.mappingVersion).toBe(3);
  expect(await versions(params)).toEqual(["3 current", "2", "1"]);
  const former = await world.client.getMapping({ params: { ...params, version: "2" } });
  expect(former.body).toMatchObject({ version: 2, isCurrent: false, mapping: { attributePrefix: "a_" } });
  expect(former.body.since).toEqual(expect.any(String));
});

test("gives a feed a former mapping again as a new version, and says so in the trail", async () => {
  const params = await world.newFeed();
  await world.client.putFeed({ params, body: prefixed("a_") });
  await world.client.putFeed({ params, body: prefixed("b_") });

  const restored = await world.client.restoreMapping({ params: { ...params, version: "2" } });
  const again = await world.client.restoreMapping({ params: { ...params, version: "4" } });

  expect(restored.body).toMatchObject({ mappingVersion: 4, mapping: { attributePrefix: "a_" } });
  expect(again.body).toEqual(restored.body);
  expect(await versions(params)).toEqual(["4 current", "3", "2", "1"]);
  const { body } = await world.client.listAudit({ params });
  expect(body.entries[0]).toMatchObject({
    action: "feed_updated",
    details: { fields: "mapping", restoredVersion: "2" },
  });
});

test("lists versions page by page", async () => {
  const params = await world.newFeed();
  for (const prefix of ["a_", "b_", "c_", "d_"])
    await world.client.putFeed({ params, body: prefixed(prefix) });

  const pages: number[][] = [];
  let cursor: string | undefined;
  do {
    const query: { limit: number; cursor?: string } =
      cursor === undefined ? { limit: 2 } : { limit: 2, cursor };
    const { body } = await world.client.listMappings({ params, query });
    pages.push(body.mappings.map(({ version }) => version));
    cursor = body.next;
  } while (cursor !== undefined);

  expect(pages).toEqual([[5, 4], [3, 2], [1]]);
});

test.each(["9", "3"])("has no mapping of version %s, which the feed never had", async (version) => {
  const params = await world.newFeed();
  await world.client.putFeed({ params, body: prefixed("a_") });

  for (const call of [world.client.getMapping, world.client.restoreMapping]) {
    const failure = await call({ params: { ...params, version } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OnboardingError);
    expect(failure).toMatchObject({ status: 404 });
  }
});

test("a feed that is created anew has none of the former one's mappings", async () => {
  const params = await world.newFeed();
  await world.client.putFeed({ params, body: prefixed("a_") });
  await world.client.deleteFeed({ params });

  await world.client.putFeed({ params, body: {} });

  expect(await versions(params)).toEqual(["1 current"]);
  expect(await world.deps.registry.mapping(params, 1)).toBeUndefined();
});

test("keeps what was written by whoever was faster", async () => {
  const params = await world.newFeed();
  const before = await world.deps.registry.feed(params.tenantId, params.feedId);
  if (!before) throw new Error("no feed");
  await world.client.putFeed({ params, body: prefixed("faster_") });

  const slower = { ...before, mapping: { ...before.mapping, attributePrefix: "slower_" }, mappingVersion: 2 };
  const isSaved = await world.deps.registry.saveFeed(params.tenantId, slower, before);

  expect(isSaved).toBe(false);
  const { body } = await world.client.getMapping({ params: { ...params, version: "2" } });
  expect(body.mapping.attributePrefix).toBe("faster_");
  expect(
    (await world.client.getMapping({ params: { ...params, version: "1" } })).body.mapping.attributePrefix,
  ).toBe("");
});
