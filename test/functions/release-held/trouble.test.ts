import { describe, expect, it } from "vitest";
import { feed, NOW_MS } from "../../support/builders.ts";
import { eventLine, feedlessFolder, heldFolder } from "../../support/parked-lines.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

function twoTenants(): ReleaseWorld {
  const world = new ReleaseWorld();
  world.deliver.addTenant("bolt");
  world.bucket.put(heldFolder(), [eventLine("a")]);
  world.bucket.put(heldFolder({ tenantId: "bolt" }), [eventLine("b")]);
  return world;
}

describe("a release in trouble", () => {
  it.each<{ what: string; break: (world: ReleaseWorld) => void }>([
    {
      what: "the tenant cannot be read",
      break: ({ deliver }) => {
        deliver.tenants.isDown = (tenantId) => tenantId === "acme";
      },
    },
    {
      what: "its credentials cannot be read",
      break: ({ deliver }) => {
        deliver.credentials.isDown = (name) => name === "acme/default";
      },
    },
    {
      what: "its folders cannot be listed",
      break: ({ bucket }) => {
        bucket.fails = (call, path) => call === "list" && path === "held/acme";
      },
    },
    {
      what: "its objects cannot be listed",
      break: ({ bucket }) => {
        bucket.fails = (call, path) => call === "list" && path.startsWith("held/tenant=acme");
      },
    },
    {
      what: "its object cannot be read",
      break: ({ bucket }) => {
        bucket.fails = (call, path) => call === "read" && path.startsWith("held/tenant=acme");
      },
    },
  ])("goes on with everybody else while $what, and catches up", async ({ break: breakWorld }) => {
    const world = twoTenants();
    const { fails } = world.bucket;
    breakWorld(world);

    const { failures } = await world.release();
    const before = [...world.sentIds];
    world.deliver.tenants.isDown = () => false;
    world.deliver.credentials.isDown = () => false;
    world.bucket.fails = fails;
    await world.release();

    expect(failures).toBe(1);
    expect(before).toEqual(["b"]);
    expect(world.sentIds).toEqual(["b", "a"]);
    expect(world.bucket.texts.size).toBe(0);
  });

  it("leaves everything where it is while the queue takes nothing", async () => {
    const world = twoTenants();
    world.queues.live.isDown = true;

    const { released, failures } = await world.release();
    const left = world.bucket.texts.size;
    world.queues.live.isDown = false;
    await world.release();

    expect([released, failures, left]).toEqual([[], 2, 2]);
    expect(world.sentIds.toSorted()).toEqual(["a", "b"]);
  });

  it("says that it could not look while tenants cannot be listed", async () => {
    const world = twoTenants();
    world.bucket.fails = (call, path) => call === "list" && path === "held";

    expect(await world.release()).toEqual({ released: [], failures: 1, oldest: undefined });
  });

  it("never logs what an event holds", async () => {
    const world = twoTenants();
    world.bucket.put(heldFolder(), [
      { nonsense: "top secret" },
      eventLine("c", { content: {}, note: "top secret" }),
    ]);
    world.bucket.fails = (call) => call === "delete" || call === "rewrite";

    await world.release();

    expect(world.deliver.log.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(world.deliver.log.lines)).not.toContain("top secret");
  });

  it("begins nothing that there is no time for, and goes on in the next run", async () => {
    const world = twoTenants();
    world.remainingMs = () => 20_000;

    const { released } = await world.release();
    world.remainingMs = () => 60_000;
    await world.release();

    expect(released).toEqual([]);
    expect(world.sentIds.toSorted()).toEqual(["a", "b"]);
  });

  it("stops between objects when time runs out", async () => {
    const world = new ReleaseWorld();
    for (let i = 0; i < 20; i++) world.bucket.put(heldFolder(), [eventLine(`m${i}`)], NOW_MS - 100 + i);
    let looks = 0;
    world.remainingMs = () => (++looks > 8 ? 0 : 60_000);

    await world.release();
    const first = world.sentIds.length;
    world.remainingMs = () => 60_000;
    await world.release();

    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(20);
    expect(new Set(world.sentIds).size).toBe(20);
    expect(world.sentIds).toHaveLength(20);
  });

  it("begins with another tenant each time", async () => {
    const first = async (random: number) => {
      const world = new ReleaseWorld();
      world.releaseDeps = { ...world.releaseDeps, random: () => random };
      for (const tenantId of ["t0", "t1", "t2", "t3"]) {
        world.deliver.addTenant(tenantId);
        world.bucket.put(heldFolder({ tenantId }), [eventLine(tenantId)]);
      }
      await world.release();
      return world.bucket.calls.filter((call) => call.startsWith("list held/t"))[0];
    };

    expect([await first(0), await first(0.5), await first(0.99)]).toEqual([
      "list held/t0",
      "list held/t2",
      "list held/t3",
    ]);
  });
});

describe("word of a changed tenant", () => {
  it("releases that tenant's events and nobody else's", async () => {
    const world = twoTenants();

    const { oldest } = await world.release({ tenantId: "bolt" });

    expect(world.sentIds).toEqual(["b"]);
    expect(oldest).toBeUndefined();
  });

  it("of one feed leaves the other feeds' alone, and takes up what is no feed's", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
    world.bucket.put(heldFolder(), [eventLine("default's")]);
    world.bucket.put(heldFolder({ feedId: "ios" }), [eventLine("ios's")]);
    world.bucket.put(feedlessFolder(), [eventLine("nobody's")]);

    await world.release({ tenantId: "acme", feedId: "ios" });

    expect(world.sentIds.toSorted()).toEqual(["ios's", "nobody's"]);
  });

  it("who holds nothing does nothing", async () => {
    const world = new ReleaseWorld();

    expect(await world.release({ tenantId: "acme" })).toMatchObject({ released: [], failures: 0 });
  });
});

describe("the oldest held event", () => {
  it("is told by its age, whoever's it is and whether it can be released or not", async () => {
    const world = twoTenants();
    world.bucket.put(
      heldFolder({ tenantId: "who", cause: "unknown_tenant" }),
      [eventLine("w")],
      NOW_MS - 90_400,
    );

    const { oldest } = await world.release();

    expect(oldest).toEqual({ heldSeconds: 90, pausedSeconds: 0 });
  });

  it.each([
    { what: "tenant is", feeds: [feed()], tenant: { status: "paused" } },
    { what: "feed is", feeds: [feed({ status: "paused" }), feed({ feedId: "ios" })], tenant: {} },
  ])("is told apart whose $what paused, whatever it was held for", async ({ feeds, tenant }) => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", feeds, tenant);
    world.bucket.put(heldFolder({ cause: "no_credentials" }), [eventLine("a")], NOW_MS - 90_000);
    world.bucket.put(
      heldFolder({ tenantId: "who", cause: "unknown_tenant" }),
      [eventLine("w")],
      NOW_MS - 30_000,
    );

    const { oldest } = await world.release();

    expect(oldest).toEqual({ heldSeconds: 30, pausedSeconds: 90 });
  });

  it("counts as nobody's choice once its pause has ended, or where its tenant cannot be read", async () => {
    const world = twoTenants();
    world.bucket.put(
      heldFolder({ tenantId: "bolt", cause: "feed_paused" }),
      [eventLine("b")],
      NOW_MS - 90_000,
    );
    world.deliver.tenants.isDown = (tenantId) => tenantId === "acme";

    const { oldest } = await world.release();

    expect(oldest).toEqual({ heldSeconds: 90, pausedSeconds: 0 });
  });

  it("is of no age when nothing is held", async () => {
    expect(await new ReleaseWorld().release()).toEqual({
      released: [],
      failures: 0,
      oldest: { heldSeconds: 0, pausedSeconds: 0 },
    });
  });
});
