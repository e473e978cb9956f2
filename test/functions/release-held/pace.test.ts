import { describe, expect, it } from "vitest";
import { NOW_MS } from "../../support/builders.ts";
import { eventLine, heldFolder } from "../../support/parked-lines.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

const BACKLOG = heldFolder({ cause: "backlog" });

function lay(world: ReleaseWorld, folder = BACKLOG, objects = 3, lines = 4): void {
  for (let object = 0; object < objects; object++) {
    const ids = Array.from({ length: lines }, (_, i) => `${object}-${i}`);
    world.bucket.put(
      folder,
      ids.map((id) => eventLine(id)),
      NOW_MS - 60_000 + object,
    );
  }
}

describe("the pace of a release", () => {
  it("is as much as the feed's line has room for; the rest goes in the next runs", async () => {
    const world = new ReleaseWorld();
    world.pace.rooms.set("acme/default/live", { batches: 5, fromSeconds: 0, toSeconds: 120 });
    lay(world);

    const runs: number[] = [];
    for (let run = 0; run < 3; run++) {
      const { released } = await world.release();
      runs.push(released.reduce((sum, { events }) => sum + events, 0));
    }

    expect(runs).toEqual([5, 5, 2]);
    expect(new Set(world.sentIds).size).toBe(12);
    expect(world.pace.reserved.map(([, batches]) => batches)).toEqual([5, 5, 2]);
    expect(world.bucket.texts.size).toBe(0);
  });

  it("reads nothing while there is no room", async () => {
    const world = new ReleaseWorld();
    world.pace.rooms.set("acme/default/live", { batches: 0, fromSeconds: 0, toSeconds: 0 });
    lay(world);

    await world.release();

    expect(world.bucket.calls.filter((call) => call.startsWith("read"))).toEqual([]);
    expect(world.pace.reserved).toEqual([]);
  });

  it("of one lane does not hold up the other", async () => {
    const world = new ReleaseWorld();
    world.pace.rooms.set("acme/default/backfill", { batches: 0, fromSeconds: 0, toSeconds: 0 });
    lay(world, { ...BACKLOG, lane: "backfill" });
    world.bucket.put(BACKLOG, [eventLine("live")], NOW_MS);

    await world.release();

    expect(world.sentIds).toEqual(["live"]);
  });

  it("is shared by all causes of a feed", async () => {
    const world = new ReleaseWorld();
    world.pace.rooms.set("acme/default/live", { batches: 3, fromSeconds: 0, toSeconds: 120 });
    lay(world, BACKLOG, 1, 2);
    lay(world, heldFolder(), 1, 2);

    await world.release();

    expect(world.sentIds).toHaveLength(3);
  });

  it("waits where it cannot be told, for that feed alone", async () => {
    const world = new ReleaseWorld();
    world.deliver.addTenant("bolt");
    lay(world);
    world.bucket.put(heldFolder({ tenantId: "bolt" }), [eventLine("b")]);
    const { roomInLine } = world.pace;
    world.pace.roomInLine = (line) =>
      line.tenantId === "acme" ? Promise.reject(new Error("no table")) : roomInLine.call(world.pace, line);

    const { failures } = await world.release();

    expect(failures).toBe(1);
    expect(world.sentIds).toEqual(["b"]);
    expect(world.bucket.texts.size).toBe(3);
  });

  it("releases although the line cannot be told what comes", async () => {
    const world = new ReleaseWorld();
    world.pace.isDown = (call) => call === "reserve";
    lay(world);

    const { released, failures } = await world.release();

    expect(released.reduce((sum, { events }) => sum + events, 0)).toBe(12);
    expect(failures).toBe(0);
  });
});

describe("a backlog", () => {
  it("is released when nothing of it is found any more", async () => {
    const world = new ReleaseWorld();
    lay(world);

    await world.release();

    expect(world.pace.backlogsReleased).toEqual(["acme/default/live"]);
  });

  it("is not released while some of it is left", async () => {
    const world = new ReleaseWorld();
    world.pace.rooms.set("acme/default/live", { batches: 11, fromSeconds: 0, toSeconds: 120 });
    lay(world);

    await world.release();
    const before = [...world.pace.backlogsReleased];
    await world.release();

    expect(before).toEqual([]);
    expect(world.pace.backlogsReleased).toEqual(["acme/default/live"]);
  });

  it("that took the last of the room is released all the same", async () => {
    const world = new ReleaseWorld();
    world.pace.rooms.set("acme/default/live", { batches: 12, fromSeconds: 0, toSeconds: 120 });
    lay(world);

    await world.release();

    expect(world.pace.backlogsReleased).toEqual(["acme/default/live"]);
  });

  it("of which more comes meanwhile is followed to its end", async () => {
    const world = new ReleaseWorld();
    lay(world);
    let more = 3;
    const { send } = world.queues.live;
    world.queues.live.send = (messages) => {
      if (more-- > 0) world.bucket.put(BACKLOG, [eventLine(`more ${more}`)], NOW_MS - 70_000);
      return send.call(world.queues.live, messages);
    };

    await world.release();

    expect(world.sentIds).toHaveLength(15);
    expect(world.bucket.texts.size).toBe(0);
    expect(world.pace.backlogsReleased).toEqual(["acme/default/live"]);
  });

  it("of which an object cannot be removed is not released", async () => {
    const world = new ReleaseWorld();
    world.bucket.fails = (call) => call === "delete";
    lay(world, BACKLOG, 1);

    const { failures } = await world.release();

    expect(failures).toBe(1);
    expect(world.pace.backlogsReleased).toEqual([]);
  });

  it("is a failure when its end cannot be told", async () => {
    const world = new ReleaseWorld();
    world.pace.isDown = (call) => call === "released";
    lay(world);

    const { failures } = await world.release();

    expect(failures).toBe(1);
    expect(world.sentIds).toHaveLength(12);
  });

  it("of another cause's events is nothing to be told", async () => {
    const world = new ReleaseWorld();
    lay(world, heldFolder());

    await world.release();

    expect(world.pace.backlogsReleased).toEqual([]);
  });
});
