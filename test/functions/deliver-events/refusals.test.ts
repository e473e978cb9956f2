import { describe, expect, it } from "vitest";
import { message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import {
  idsIn,
  MALFORMED,
  type SeenRequest,
  TAKEN_YET_UNAVAILABLE,
  THROTTLED,
} from "../../support/fake-mparticle.ts";

const TOO_LARGE = { kind: "malformed", status: 413, reason: "status 413" } as const;

const users = (...ids: string[]) => ids.map((id) => track({ messageId: id, userId: id }));

/** Refuses every request with an event of these users, as mParticle does: the whole of it. */
const refusing =
  (...guilty: string[]) =>
  (request: SeenRequest) =>
    idsIn(request).some((id) => guilty.includes(id)) ? MALFORMED : undefined;

describe("a request that mParticle refuses", () => {
  it.each([
    { guilty: ["c"] },
    { guilty: ["a"] },
    { guilty: ["h"] },
    { guilty: ["a", "h"] },
    { guilty: ["c", "d"] },
    { guilty: ["a", "b", "c", "d", "e", "f", "g", "h"] },
  ])("is cut down to its guilty batches $guilty while all others are delivered", async ({ guilty }) => {
    const world = new DeliverWorld();
    world.mparticle.respond = refusing(...guilty);
    const all = ["a", "b", "c", "d", "e", "f", "g", "h"];

    const { records, counted } = await world.deliver(record(message(users(...all))));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({
      delivered: 8 - guilty.length,
      rejected: { refused_by_mparticle: guilty.length },
    });
    expect(world.mparticle.takenIds).toEqual(all.filter((id) => !guilty.includes(id)));
    expect(world.parkedIds).toEqual(guilty);
    expect(world.parkedLines.map(({ ending, reasons }) => ({ ending, reasons }))).toEqual(
      guilty.map(() => ({ ending: "rejected", reasons: [{ code: "refused_by_mparticle" }] })),
    );
  });

  it("keeps the bytes and id of each batch while it is cut", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = refusing("b");

    await world.deliver(record(message(users("a", "b", "c"))));

    const bodies = world.mparticle.requests.flatMap(({ batches }) =>
      batches.map((batch) => JSON.stringify(batch)),
    );
    expect(new Set(bodies).size).toBe(3);
  });

  it("is found in few requests: about two for each halving", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = refusing("u63");

    await world.deliver(record(message(users(...Array.from({ length: 64 }, (_, i) => `u${i}`)))));

    expect(world.mparticle.requests.length).toBeLessThanOrEqual(13);
  });

  it("as too large goes out in halves", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = ({ batches }) => (batches.length > 2 ? TOO_LARGE : undefined);

    const { counted } = await world.deliver(record(message(users("a", "b", "c", "d"))));

    expect(counted).toMatchObject({ delivered: 4, rejected: {} });
    expect(world.mparticle.requests.map(({ batches }) => batches.length)).toEqual([4, 2, 2]);
  });

  it.each([301, 302, 404, 405, 415, 422])(
    "with status %i, which nobody documents, holds the feed's events",
    async (status) => {
      const world = new DeliverWorld();
      world.mparticle.answer({ kind: "refused", status, reason: `status ${status}` });

      const { records, counted } = await world.deliver(record(message(users("a", "b"))));

      expect(records).toEqual(["done"]);
      expect(counted).toMatchObject({ rejected: {}, held: { unexpected_answer: 2 } });
      expect(world.mparticle.requests).toHaveLength(1);
      expect(world.parkedIds).toEqual(["a", "b"]);
    },
  );

  it("after an attempt that may have been taken is parked as it was built", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE, MALFORMED);

    await world.deliver(record(message(users("a"))));

    const [sent] = world.mparticle.requests;
    expect(world.parkedLines).toMatchObject([
      { ending: "rejected", events: 1, content: { batch: sent?.body.slice(1, -1) } },
    ]);
  });

  it("of one feed costs no event of another tenant", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of acme/default" ? MALFORMED : undefined);

    const { counted } = await world.deliver(
      record(message(users("a"))),
      record(message(users("b"), { tenantId: "bolt" })),
    );

    expect(counted).toMatchObject({ delivered: 1, rejected: { refused_by_mparticle: 1 } });
    expect(world.mparticle.takenIds).toEqual(["b"]);
  });

  it("and a throttling in its midst leave each batch with one ending", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(MALFORMED, { kind: "accepted" }, MALFORMED, MALFORMED, THROTTLED);

    const first = await world.deliver(record(message(users("a", "b", "c", "d"))));
    world.nowMs += 2_000;
    const second = await world.deliver(...world.queue.sent.map(({ body }) => record(body)));

    expect(first.counted).toMatchObject({ delivered: 2, rejected: { refused_by_mparticle: 1 } });
    expect(second.counted.delivered).toBe(1);
    expect([...world.mparticle.takenIds, ...world.parkedIds].sort()).toEqual(["a", "b", "c", "d"]);
  });
});
