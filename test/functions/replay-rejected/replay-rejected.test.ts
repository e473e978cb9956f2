import { describe, expect, it } from "vitest";
import { feed, NOW_MS } from "../../support/builders.ts";
import { eventLine, heldFolder, rejectedFolder } from "../../support/parked-lines.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

const MINUTE_MS = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();
const coded = (code: string, others: string[] = []) => ({
  reasons: [code, ...others].map((entry) => ({ code: entry })),
});

const { feedId: _, ...FEEDLESS } = rejectedFolder();
const { tenantId: __, ...UNREADABLE } = FEEDLESS;

/** Three tenants' rejected events, and some held ones. */
function worldOf(): ReleaseWorld {
  const world = new ReleaseWorld();
  const { bucket } = world;
  bucket.put(
    rejectedFolder(),
    [eventLine("a", coded("event_invalid")), eventLine("b", coded("too_large", ["event_invalid"]))],
    NOW_MS - 3 * MINUTE_MS,
  );
  bucket.put(rejectedFolder(), [eventLine("c", coded("event_invalid"))], NOW_MS + 5 * MINUTE_MS);
  bucket.put(rejectedFolder({ feedId: "ios" }), [eventLine("d", coded("too_large"))], NOW_MS - 2 * MINUTE_MS);
  bucket.put(FEEDLESS, [eventLine("e", coded("event_type_unknown"))], NOW_MS - MINUTE_MS);
  bucket.put(rejectedFolder({ tenantId: "bolt" }), [eventLine("of bolt")], NOW_MS);
  bucket.put(
    UNREADABLE,
    [eventLine("no id", { content: { body: "no json" }, ...coded("body_not_json") })],
    NOW_MS,
  );
  bucket.put(heldFolder(), [eventLine("held")], NOW_MS);
  return world;
}

describe("rejected events", () => {
  it("are counted by feed, hour of parking and first reason, without a word of their content", async () => {
    const world = worldOf();

    const answer = await world.replay({ action: "list" });

    const before = "2026-03-01T11";
    expect(answer.failures).toBe(0);
    expect(answer).not.toHaveProperty("continueFrom");
    expect(answer.counts).toHaveLength(5);
    expect(new Set(answer.counts)).toEqual(
      new Set([
        { feedId: "default", hour: before, code: "event_invalid", events: 1 },
        { feedId: "default", hour: before, code: "too_large", events: 1 },
        { feedId: "ios", hour: before, code: "too_large", events: 1 },
        { hour: before, code: "event_type_unknown", events: 1 },
        { feedId: "default", hour: "2026-03-01T12", code: "event_invalid", events: 1 },
      ]),
    );
    expect(answer.counts?.at(-1)?.hour).toBe("2026-03-01T12");
    expect(world.queues.live.sent).toEqual([]);
  });

  it("count as the source events that they stand for", async () => {
    const world = new ReleaseWorld();
    const batch = {
      content: { batch: "{}", route: "live" },
      hours: { "2026-03-01T10": 3, "2026-03-01T11": 4 },
    };
    world.bucket.put(rejectedFolder(), [eventLine("a", batch), eventLine("b", batch)]);

    const { counts } = await world.replay({ action: "list" });

    expect(counts).toMatchObject([{ code: "feed_paused", events: 14 }]);
  });

  it("go back in the order of their parking, with their own ids and times, and leave the bucket", async () => {
    const world = worldOf();

    const answer = await world.replay();

    expect(answer).toEqual({ events: 5, failures: 0 });
    expect(
      world.sent.map(({ body: { feedId, events, requeued } }) => [feedId, events, requeued]),
    ).toMatchObject([
      [
        "default",
        [{ messageId: "a" }, { messageId: "b" }],
        { sentAtMs: [NOW_MS - MINUTE_MS, NOW_MS - MINUTE_MS], counted: true },
      ],
      ["ios", [{ messageId: "d" }], { counted: true }],
      [undefined, [{ messageId: "e" }], { counted: false }],
      ["default", [{ messageId: "c" }], { counted: true }],
    ]);
    expect([...world.bucket.texts.keys()].map((key) => key.split("/")[1])).toEqual([
      "tenant=bolt",
      "unreadable",
      "tenant=acme",
    ]);
  });

  it.each<{ what: string; over: object; ids: string[] }>([
    { what: "a feed", over: { feedId: "ios" }, ids: ["d"] },
    { what: "no feed", over: { feedId: null }, ids: ["e"] },
    { what: "codes", over: { codes: ["event_invalid", "event_type_unknown"] }, ids: ["a", "e", "c"] },
    { what: "a time from which on", over: { from: iso(NOW_MS - 2 * MINUTE_MS) }, ids: ["d", "e", "c"] },
    { what: "a time up to which", over: { to: iso(NOW_MS - MINUTE_MS) }, ids: ["a", "b", "d"] },
    { what: "another tenant", over: { tenantId: "bolt" }, ids: ["of bolt"] },
    { what: "a tenant without any", over: { tenantId: "core" }, ids: [] },
  ])("can be chosen by $what", async ({ over, ids }) => {
    const world = worldOf();

    const { events } = await world.replay(over);

    expect(events).toBe(ids.length);
    expect(world.sentIds).toEqual(ids);
  });

  it("that name no tenant go back as they came", async () => {
    const world = worldOf();

    const { events } = await world.replay({ tenantId: null });

    expect(events).toBe(1);
    expect(world.queues.live.sent).toEqual([{ body: "no json", groupId: "unreadable", delaySeconds: 0 }]);
    expect(world.deliver.ledger.added.flat()).toEqual([
      { tenantId: undefined, feedId: undefined, hour: "2026-03-01T11", replayed: 1, first: -1 },
    ]);
  });

  it("leave those of other codes in their object", async () => {
    const world = worldOf();

    await world.replay({ codes: ["too_large"] });

    const left = world.bucket.content.map((line) => "code" in line && line.code);
    expect(left.filter((code) => code === "event_invalid")).toHaveLength(2);
    expect(left).not.toContain("too_large");
  });
});

describe("a replay", () => {
  it("keeps to the feed's pace, and says from where to go on", async () => {
    const world = worldOf();
    world.pace.rooms.set("acme/default/live", { batches: 1, fromSeconds: 0, toSeconds: 60 });

    const first = await world.replay();
    world.pace.rooms.clear();
    const second = await world.replay({ from: first.continueFrom ?? "" });

    expect(first).toEqual({ events: 2, failures: 0, continueFrom: iso(NOW_MS - 3 * MINUTE_MS) });
    expect(second).toEqual({ events: 3, failures: 0 });
    expect(world.sentIds).toEqual(["a", "d", "b", "e", "c"]);
    expect(world.pace.reserved[0]).toEqual(["acme/default/live", 1]);
  });

  it("takes room in the line of the feed that an event will be given to", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("acme", [feed(), feed({ feedId: "ios", platforms: ["iOS"] })]);
    const ios = { context: { device: { type: "ios" } } };
    world.bucket.put(FEEDLESS, [
      eventLine("a", {}, ios),
      eventLine("b"),
      eventLine("c", { content: { event: { type: "row" } } }),
    ]);

    const { events } = await world.replay();

    expect(events).toBe(3);
    expect(world.pace.reserved.toSorted()).toEqual([
      ["acme/default/live", 1],
      ["acme/ios/live", 1],
    ]);
  });

  it("goes on for a tenant that nobody knows any more", async () => {
    const world = worldOf();
    world.deliver.tenants.tenants.clear();

    expect(await world.replay()).toEqual({ events: 5, failures: 0 });
  });

  it.each<{ what: string; break: (world: ReleaseWorld) => void }>([
    {
      what: "the tenant cannot be read",
      break: ({ deliver }) => {
        deliver.tenants.isDown = () => true;
      },
    },
    {
      what: "the feed's pace cannot be told",
      break: ({ pace }) => {
        pace.isDown = (call) => call === "room";
      },
    },
    {
      what: "objects cannot be read",
      break: ({ bucket }) => {
        bucket.fails = (call) => call === "read";
      },
    },
    {
      what: "the queue takes nothing",
      break: ({ queues }) => {
        queues.live.isDown = true;
      },
    },
  ])("leaves everything where it is while $what, and says so", async ({ break: breakWorld }) => {
    const world = worldOf();
    breakWorld(world);

    const answer = await world.replay();

    expect(answer).toEqual({ events: 0, failures: 4, continueFrom: iso(NOW_MS - 3 * MINUTE_MS) });
    expect(world.bucket.texts.size).toBe(7);
  });

  it("counts what it can read of the objects", async () => {
    const world = worldOf();
    world.bucket.put(rejectedFolder({ feedId: "ios" }), [
      { nonsense: true },
      eventLine("x", coded("event_invalid")),
    ]);
    world.bucket.fails = (call, path) => call === "read" && path.includes("feed=default");

    const { counts, failures } = await world.replay({ action: "list", codes: ["event_invalid"] });

    expect(counts).toMatchObject([{ feedId: "ios", events: 1 }]);
    expect(failures).toBe(3);
  });

  it("throws while the bucket cannot be listed", async () => {
    const world = worldOf();
    world.bucket.fails = (call) => call === "list";

    await expect(world.replay()).rejects.toThrow();
  });

  it("begins nothing that there is no time for, and says from where to go on", async () => {
    const world = new ReleaseWorld();
    for (let i = 0; i < 20; i++) world.bucket.put(rejectedFolder(), [eventLine(`m${i}`)], NOW_MS + i);
    let looks = 0;
    world.remainingMs = () => (++looks > 1 ? 0 : 60_000);

    const first = await world.replay({ action: "list" });
    world.remainingMs = () => 60_000;
    const second = await world.replay({ action: "list", from: first.continueFrom ?? "" });

    expect(first.continueFrom).toBe(iso(NOW_MS + 8));
    expect([first, second].map(({ counts }) => counts?.[0]?.events)).toEqual([8, 12]);
    expect(second).not.toHaveProperty("continueFrom");
  });

  it("counts nothing twice of what was parked in one millisecond", async () => {
    const world = new ReleaseWorld();
    for (let i = 0; i < 20; i++)
      world.bucket.put(rejectedFolder(), [eventLine(`m${i}`)], NOW_MS + Math.floor(i / 11));
    let looks = 0;
    world.remainingMs = () => (++looks > 1 ? 0 : 60_000);

    const { counts, continueFrom } = await world.replay({ action: "list" });

    expect(counts?.[0]?.events).toBe(11);
    expect(continueFrom).toBe(iso(NOW_MS + 1));
  });
});
