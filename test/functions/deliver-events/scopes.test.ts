import { describe, expect, it } from "vitest";
import { feed, message, NOW_MS, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";

/** What becomes of events for other feeds after acme's default feed met a limit of a scope, with 30 seconds to wait. */
async function afterLimitOf(scope: string | undefined) {
  const world = new DeliverWorld();
  world.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
  world.addTenant("bolt");
  world.mparticle.answer({ kind: "throttled", retryAfterSeconds: 30, ...(scope && { scope }) });
  await world.deliver(record(message([track()])));
  const { records } = await world.deliver(
    record(message([track()])),
    record(message([track()], { feedId: "ios" })),
    record(message([track()], { tenantId: "bolt" })),
  );
  return { world, records };
}

describe("a limit", () => {
  it.each([
    { scope: "feed" },
    { scope: "app" },
    { scope: "acceleration" },
    { scope: "something new" },
    { scope: undefined },
  ])("of scope $scope slows the feed that met it", async ({ scope }) => {
    const { records } = await afterLimitOf(scope);

    expect(records).toEqual(["returned", "done", "done"]);
  });

  it.each([{ scope: "workspace" }, { scope: "account" }, { scope: "org" }])(
    "of scope $scope slows all feeds of the tenant",
    async ({ scope }) => {
      const { world, records } = await afterLimitOf(scope);

      expect(records).toEqual(["returned", "returned", "done"]);
      expect(world.flow.of("acme", "ios").blockedUntilMs).toBe(NOW_MS + 30_000);
    },
  );

  it("of mParticle's own system slows everyone", async () => {
    const { world, records } = await afterLimitOf("system");

    expect(records).toEqual(["returned", "returned", "returned"]);
    expect([...world.queue.hidden.values()].every((seconds) => seconds >= 30)).toBe(true);
  });

  it("is over when the time that it names is over", async () => {
    const { world } = await afterLimitOf("system");
    world.nowMs += 31_000;

    const { records } = await world.deliver(
      record(message([track()], { feedId: "ios" })),
      record(message([track()], { tenantId: "bolt" })),
    );

    expect(records).toEqual(["done", "done"]);
  });
});
