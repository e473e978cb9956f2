import { describe, expect, it } from "vitest";
import { again, message, NOW_MS, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";

const NO_COPIES = { done: 0, busy: 0, unclaimed: 0 };

/** Two messages, of which the first is a copy. */
function copyAndOther() {
  const world = new DeliverWorld();
  const copy = record(message([track({ messageId: "copied" })]), { receiveCount: 2 });
  const other = record(message([track({ messageId: "other" })]));
  return { world, copy, other };
}

describe("a message that another invocation has handled", () => {
  it("is done with: nothing of it is sent, parked or counted", async () => {
    const { world, copy, other } = copyAndOther();
    world.claims.verdicts.set(copy.messageId, { kind: "done" });

    const { records, counted, copies } = await world.deliver(copy, other);

    expect(records).toEqual(["done", "done"]);
    expect(copies).toEqual({ ...NO_COPIES, done: 1 });
    expect(counted).toMatchObject({ received: 1, delivered: 1 });
    expect(world.ledger.columns).toMatchObject({ first: 1, again: 0, returned: 0, delivered: 1 });
    expect(world.mparticle.takenIds).toEqual(["other"]);
    expect(world.parked.objects).toEqual([]);
    expect(world.queue.hidden.size).toBe(0);
  });
});

describe("a message that another invocation may be at work on", () => {
  it("goes back until that one's time is over, and is not counted", async () => {
    const { world, copy, other } = copyAndOther();
    world.claims.verdicts.set(copy.messageId, { kind: "busy", untilMs: NOW_MS + 42_500 });

    const { records, counted, copies } = await world.deliver(copy, other);

    expect(records).toEqual(["returned", "done"]);
    expect(copies).toEqual({ ...NO_COPIES, busy: 1 });
    expect(world.queue.hidden).toEqual(new Map([[copy.receiptHandle, 43]]));
    expect(counted).toMatchObject({ received: 1, delivered: 1 });
    expect(world.ledger.columns).toMatchObject({ first: 1, again: 0, returned: 0, delivered: 1 });
  });

  it("waits for longer once it has spent many receives, as for any store that does not answer", async () => {
    const { world, copy } = copyAndOther();
    world.claims.verdicts.set(copy.messageId, { kind: "busy", untilMs: NOW_MS + 10_000 });

    await world.deliver({ ...copy, receiveCount: 40 });

    expect(world.queue.hidden).toEqual(new Map([[copy.receiptHandle, 7 * 40]]));
  });

  it("is hidden for no longer than an invocation may run, whatever its owner's clock says", async () => {
    const { world, copy } = copyAndOther();
    world.claims.verdicts.set(copy.messageId, { kind: "busy", untilMs: NOW_MS + 4_000_000 });

    await world.deliver(copy);

    expect(world.queue.hidden).toEqual(new Map([[copy.receiptHandle, 900]]));
  });
});

describe("a message of which it cannot be told who has it", () => {
  it("is delivered: no trouble with the table stops that", async () => {
    const { world, copy, other } = copyAndOther();
    for (const { messageId } of [copy, other]) world.claims.verdicts.set(messageId, { kind: "unclaimed" });

    const { records, counted, copies } = await world.deliver(copy, other);

    expect(records).toEqual(["done", "done"]);
    expect(copies).toEqual({ ...NO_COPIES, unclaimed: 2 });
    expect(counted.delivered).toBe(2);
  });
});

describe("an invocation", () => {
  it("claims for as long as it may run", async () => {
    const { world, copy } = copyAndOther();
    world.remainingMs = () => 60_000;

    await world.deliver(copy);

    expect(world.claims.deadlines).toEqual([NOW_MS + 60_000]);
  });

  it("says in the end what it gave back, busy messages included", async () => {
    const { world, copy, other } = copyAndOther();
    const throttled = record(message([track()], { tenantId: "unreadable-tenant" }));
    world.tenants.isDown = (tenantId) => tenantId === "unreadable-tenant";
    world.claims.verdicts.set(copy.messageId, { kind: "busy", untilMs: NOW_MS + 1 });

    await world.deliver(copy, other, throttled);

    expect(world.claims.ends).toEqual([[copy.messageId, throttled.messageId]]);
  });

  it("says so after the ledger was written", async () => {
    const { world, copy } = copyAndOther();
    const order: string[] = [];
    const add = world.ledger.add.bind(world.ledger);
    world.ledger.add = (entries) => {
      order.push("ledger");
      return add(entries);
    };
    const claim = world.claims.claim.bind(world.claims);
    world.claims.claim = async (...asked) => ({
      ...(await claim(...asked)),
      end: async () => void order.push("end"),
    });

    await world.deliver(copy);

    expect(order).toEqual(["ledger", "end"]);
  });

  it("does not spend its last seconds on saying so", async () => {
    const { world, copy } = copyAndOther();
    world.remainingMs = () => 5_000;

    await world.deliver(copy, again(copy));

    expect(world.claims.ends).toEqual([]);
  });
});
