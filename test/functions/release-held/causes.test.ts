import { describe, expect, it } from "vitest";
import { feed, HOUR_MS, NOW_MS, tenant } from "../../support/builders.ts";
import { keyOf } from "../../support/deliver-world.ts";
import { eventLine, feedlessFolder, heldFolder } from "../../support/parked-lines.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

const IOS = { context: { device: { type: "ios" } } };

describe("held events are released", () => {
  it.each([
    "unknown_tenant",
    "unknown_feed",
    "tenant_paused",
    "feed_paused",
    "no_credentials",
    "credentials_refused",
    "backlog",
    "queue_refused",
  ])("at once when %s has ended", async (cause) => {
    const world = new ReleaseWorld();
    world.bucket.put(heldFolder({ cause }), [eventLine("a")], NOW_MS - 1);

    const { released, failures } = await world.release();

    expect(released).toEqual([{ ...heldFolder({ cause }), events: 1 }]);
    expect(failures).toBe(0);
    expect(world.sentIds).toEqual(["a"]);
    expect(world.bucket.texts.size).toBe(0);
  });

  it.each(["unexpected_answer", "deferred_too_long"])("an hour after %s", async (cause) => {
    const world = new ReleaseWorld();
    world.bucket.put(heldFolder({ cause }), [eventLine("an hour ago")], NOW_MS - HOUR_MS - 1);
    world.bucket.put(heldFolder({ cause }), [eventLine("just now")], NOW_MS - HOUR_MS);

    await world.release();

    expect(world.sentIds).toEqual(["an hour ago"]);
  });

  it("of a feed that is pending, as soon as it has credentials", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed({ status: "pending" })]);
    world.bucket.put(heldFolder({ cause: "no_credentials" }), [eventLine("a")]);

    await world.release();

    expect(world.sentIds).toEqual(["a"]);
  });

  it("of a feed whose credentials were refused, as soon as there are newer ones", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed({ status: "credentials_refused", refusedSecretVersion: "v1" })]);
    world.bucket.put(heldFolder({ cause: "credentials_refused" }), [eventLine("a")]);

    await world.release();
    world.deliver.credentials.newer.set("acme/default", keyOf("acme", "default", "v2"));
    const before = [...world.sentIds];
    await world.release();

    expect(before).toEqual([]);
    expect(world.sentIds).toEqual(["a"]);
  });

  it.each([
    {
      what: "the tenant is unknown",
      change: (world: ReleaseWorld) => world.deliver.tenants.tenants.clear(),
    },
    {
      what: "the tenant is paused",
      change: (world: ReleaseWorld) => world.deliver.addTenant("acme", [feed()], { status: "paused" }),
    },
    {
      what: "the feed is unknown",
      change: (world: ReleaseWorld) => world.deliver.addTenant("acme", [feed({ feedId: "other" })]),
    },
    {
      what: "the feed is paused",
      change: (world: ReleaseWorld) => world.deliver.addTenant("acme", [feed({ status: "paused" })]),
    },
    {
      what: "there are no credentials",
      change: (world: ReleaseWorld) => world.deliver.credentials.stored.clear(),
    },
    {
      what: "the credentials are the refused ones",
      change: (world: ReleaseWorld) =>
        world.deliver.addTenant("acme", [
          feed({ status: "credentials_refused", refusedSecretVersion: "v1" }),
        ]),
    },
  ])("never while $what, whatever they are held for", async ({ change }) => {
    const world = new ReleaseWorld();
    change(world);
    for (const cause of ["unknown_tenant", "feed_paused", "backlog", "deferred_too_long"])
      world.bucket.put(heldFolder({ cause }), [eventLine(cause)], NOW_MS - 2 * HOUR_MS);

    const { released, failures } = await world.release();

    expect([released, failures]).toEqual([[], 0]);
    expect(world.sentIds).toEqual([]);
    expect(world.bucket.texts.size).toBe(4);
  });

  it("oldest first, over all causes", async () => {
    const world = new ReleaseWorld();
    world.bucket.put(heldFolder({ cause: "backlog" }), [eventLine("second")], NOW_MS - 2_000);
    world.bucket.put(heldFolder({ cause: "feed_paused" }), [eventLine("first")], NOW_MS - 3_000);
    world.bucket.put(heldFolder({ cause: "backlog" }), [eventLine("third")], NOW_MS - 1_000);

    await world.release();

    expect(world.sentIds).toEqual(["first", "second", "third"]);
  });

  it("on the queue that they came from", async () => {
    const world = new ReleaseWorld();
    world.bucket.put(heldFolder({ lane: "backfill" }), [eventLine("a")]);
    world.bucket.put(heldFolder(), [eventLine("b")]);

    await world.release();

    const idsIn = (lane: "live" | "backfill") =>
      world.queues[lane].sent.map(({ body }) => JSON.parse(body).events[0].messageId);
    expect([idsIn("live"), idsIn("backfill")]).toEqual([["b"], ["a"]]);
  });

  it("built batches one by one where the feed limits the events of a request", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed({ limits: { eventsPerRequest: 10 } })]);
    const batch = { content: { batch: "{}", route: "live" } };
    world.bucket.put(heldFolder(), [eventLine("a", batch), eventLine("b", batch)]);

    await world.release();

    expect(world.sent.map(({ body }) => body.frozen.batches.length)).toEqual([1, 1]);
  });
});

describe("held events whose feed was not told are released", () => {
  it("without naming one, when the one that they would be given to now can take them", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [
      feed(),
      feed({ feedId: "ios", platforms: ["iOS"] }),
      feed({ feedId: "web", platforms: ["web"], status: "paused" }),
    ]);
    const web = { context: { device: { type: "web" } } };
    world.bucket.put(feedlessFolder(), [
      eventLine("to default"),
      eventLine("to ios", {}, IOS),
      eventLine("to web", {}, web),
    ]);

    const { released } = await world.release();

    expect(released).toEqual([{ ...feedlessFolder(), events: 2 }]);
    expect(world.sent.map(({ body }) => body)).toMatchObject([
      { events: [{ messageId: "to default" }, { messageId: "to ios" }], requeued: { counted: false } },
    ]);
    expect(world.sent[0]?.body).not.toHaveProperty("feedId");
    expect(world.bucket.content).toMatchObject([{ sqsMessageId: "sqs of to web" }]);
  });

  it("at the pace of each one's own feed", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed(), feed({ feedId: "ios", platforms: ["iOS"] })]);
    world.pace.rooms.set("acme/ios/live", { batches: 1, fromSeconds: 0, toSeconds: 60 });
    world.bucket.put(feedlessFolder(), [eventLine("a", {}, IOS), eventLine("b", {}, IOS), eventLine("c")]);

    await world.release();

    expect(world.sentIds).toEqual(["a", "c"]);
    expect(world.pace.reserved.toSorted()).toEqual([
      ["acme/default/live", 1],
      ["acme/ios/live", 1],
    ]);
  });

  it("when a feed for them is added, and are not read again and again until then", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed({ feedId: "web", platforms: ["web"] })]);
    const key = world.bucket.put(feedlessFolder({ cause: "unknown_feed" }), [eventLine("a", {}, IOS)]);
    const reads = () => world.bucket.calls.filter((call) => call === `read ${key}`).length;

    await world.release();
    await world.release();
    const readsBefore = reads();
    world.deliver.addTenant("acme", [
      feed({ feedId: "web", platforms: ["web"] }),
      feed({ feedId: "ios", platforms: ["iOS"] }),
    ]);
    await world.release();

    expect(readsBefore).toBe(1);
    expect(world.sentIds).toEqual(["a"]);
  });

  it("when the feed that takes their platform can be read again, and to no other feed until then", async () => {
    const world = new ReleaseWorld();
    const mobile = { feedId: "mobile", platforms: ["iOS" as const], mayTakeOthers: false };
    world.deliver.tenants.add(tenant("acme", [feed()], {}, [mobile]));
    world.bucket.put(feedlessFolder({ cause: "unknown_feed" }), [eventLine("a", {}, IOS)]);

    await world.release();
    const sentBefore = world.sentIds.length;
    world.deliver.addTenant("acme", [feed(), feed({ feedId: "mobile", platforms: ["iOS"] })]);
    await world.release();

    expect(sentBefore).toBe(0);
    expect(world.sentIds).toEqual(["a"]);
    expect(world.pace.reserved).toEqual([["acme/mobile/live", 1]]);
  });

  it("but for those that are no events of the contract", async () => {
    const world = new ReleaseWorld();
    const bodyLine = eventLine("b", { content: { body: "no json" } });
    world.bucket.put(feedlessFolder(), [eventLine("a", { content: { event: { type: "row" } } }), bodyLine]);

    await world.release();

    expect(world.queues.live.sent).toEqual([]);
    expect(world.bucket.content).toHaveLength(2);
  });
});
