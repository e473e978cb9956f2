import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DynamoEventNames } from "../../../shared/aws/event-name-store.ts";
import { MAX_COUNTED_NAMES } from "../../../shared/core/event-names.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { type OnboardingWorld, problemOf, startOnboardingWorld } from "./onboarding-world.ts";

let world: OnboardingWorld;
let params: FeedId;
beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  params = await world.newFeed();
});

/** Has deliver-events count so many names. */
async function deliverNames(count: number, feed = params): Promise<void> {
  const { clients, state, deps, log } = world;
  const names = new DynamoEventNames({
    client: clients.dynamodb,
    tableName: state.tableName,
    clock: deps.clock,
    log,
  });
  await names.add(feed, new Set(Array.from({ length: count }, (_, i) => `e ${i}`)));
}

const counted = async () => (await world.client.getEventNames({ params })).body;
const audited = async () =>
  (await world.client.listAudit({ params })).body.entries.filter(
    ({ action }) => action === "event_names_reset",
  );

test.each([
  [0, "fine", "fewer than 800"],
  [799, "fine", "fewer than 800"],
  [800, "many", "comes near it"],
  [1000, "many", "comes near it"],
  [1001, "past_limit", "alone has had more"],
] as const)("tells of %i names that a feed has had: %s", async (count, state, said) => {
  await deliverNames(count);

  expect(await counted()).toEqual({
    count,
    isComplete: true,
    warningAt: 800,
    limit: 1000,
    state,
    meaning: expect.stringContaining(said),
  });
});

test("says where it stopped to count", async () => {
  await deliverNames(MAX_COUNTED_NAMES + 100);

  expect(await counted()).toMatchObject({ count: MAX_COUNTED_NAMES, isComplete: false, state: "past_limit" });
});

test("counts anew when asked, which is in the trail once", async () => {
  await deliverNames(3);
  await deliverNames(5, { ...params, feedId: "other" });

  await world.client.resetEventNames({ params });
  await world.client.resetEventNames({ params });

  expect(await counted()).toMatchObject({ count: 0, isComplete: true });
  expect(await world.deps.eventNames.count({ ...params, feedId: "other" })).toBe(5);
  expect(await audited()).toMatchObject([{ feedId: "default", details: { count: "3" } }]);
});

test("knows no names of a feed that is not there, and changes nothing of a tenant that is deleting", async () => {
  const unknown = { ...params, feedId: "unknown" };
  expect((await problemOf(world.client.getEventNames({ params: unknown })))?.status).toBe(404);
  expect((await problemOf(world.client.resetEventNames({ params: unknown })))?.status).toBe(404);

  await deliverNames(2);
  await world.client.deleteTenant({ params });

  expect((await problemOf(world.client.resetEventNames({ params })))?.code).toBe("conflict");
  expect((await counted()).count).toBe(2);
});

test("a feed that is created anew has had no names", async () => {
  await deliverNames(2);
  await world.client.deleteFeed({ params });

  await world.client.putFeed({ params, body: {} });

  expect((await counted()).count).toBe(0);
});
