import { describe, expect, it } from "vitest";
import { Room, Rooms, unpaced } from "../../shared/requeue/rooms.ts";
import { NOW_MS } from "../support/builders.ts";
import { FakePace } from "../support/fake-pace.ts";

const FEED = { tenantId: "acme", feedId: "ios", lane: "live" } as const;

describe("room in a feed's line", () => {
  it("gives each its turn, from the first free one to the last", () => {
    const room = new Room({ batches: 4, fromSeconds: 20, toSeconds: 120 });

    expect(Array.from({ length: 5 }, () => room.take())).toEqual([20, 45, 70, 95, undefined]);
    expect(room).toMatchObject({ used: 4, isFull: true });
  });

  it("is there again after places were given back", () => {
    const room = new Room({ batches: 1, fromSeconds: 0, toSeconds: 120 });
    room.take();

    room.giveBack(1);

    expect(room).toMatchObject({ used: 0, isFull: false });
    expect(room.take()).toBe(0);
  });

  it.each([
    { what: "no batches", line: { batches: 0, fromSeconds: 0, toSeconds: 0 }, delay: undefined },
    { what: "half a batch", line: { batches: 0.5, fromSeconds: 0, toSeconds: 1 }, delay: 0 },
    { what: "a turn in the past", line: { batches: 1, fromSeconds: -5, toSeconds: 0 }, delay: 0 },
    {
      what: "a turn later than SQS can delay",
      line: { batches: 1, fromSeconds: 2_000, toSeconds: 3_000 },
      delay: 900,
    },
  ])("with $what is $delay seconds away", ({ line, delay }) => {
    expect(new Room(line).take()).toBe(delay);
  });

  it("is endless and now where no feed is known", () => {
    const room = unpaced();

    expect([room.take(), room.take(), room.isFull]).toEqual([0, 0, false]);
  });

  it("is asked for once in a run, by whomever", async () => {
    const pace = new FakePace();
    pace.rooms.set("acme/ios/live", { batches: 1, fromSeconds: 0, toSeconds: 120 });
    const rooms = new Rooms(pace, NOW_MS);

    const [one, other] = await Promise.all([rooms.of(FEED), rooms.of({ ...FEED })]);

    expect(one.take()).toBe(0);
    expect(other.take()).toBeUndefined();
  });

  it("is reserved as far as it was used", async () => {
    const pace = new FakePace();
    const rooms = new Rooms(pace, NOW_MS);
    const room = await rooms.of(FEED);
    await rooms.of({ ...FEED, lane: "backfill" });
    room.take();
    room.take();

    await rooms.reserve(() => {});

    expect(pace.reserved).toEqual([["acme/ios/live", 2]]);
  });

  it("that cannot be reserved is told, and the others are reserved all the same", async () => {
    const pace = new FakePace();
    const rooms = new Rooms(pace, NOW_MS);
    (await rooms.of(FEED)).take();
    pace.isDown = (call) => call === "room";
    await rooms.of({ ...FEED, feedId: "web" }).catch(() => {});
    pace.isDown = (call) => call === "reserve";
    const failed: string[] = [];

    await rooms.reserve(({ feedId }) => failed.push(feedId));

    expect(failed).toEqual(["ios"]);
  });
});
