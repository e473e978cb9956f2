import { describe, expect, it } from "vitest";
import { addUp, balanceOf, LEDGER_COLUMNS, type LedgerEntry } from "../../../shared/core/ledger.ts";
import { again, DAY_MS, feed, HOUR_MS, message, NOW_MS, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { MALFORMED, TAKEN_YET_UNAVAILABLE, THROTTLED } from "../../support/fake-mparticle.ts";

const HOUR = "2026-03-01T11";

/** What the last invocation added to accounts, without the columns that it left alone. */
function added({ ledger }: DeliverWorld): LedgerEntry[] {
  return addUp(ledger.added.at(-1) ?? []).map(({ tenantId, feedId, hour, ...columns }) => {
    const changed = LEDGER_COLUMNS.filter((name) => columns[name] !== 0).map((name) => [name, columns[name]]);
    return { tenantId, feedId, hour, ...Object.fromEntries(changed) };
  });
}

const acme = { tenantId: "acme", feedId: "default", hour: HOUR };

describe("the ledger of deliver-events", () => {
  it("has what came and how it ended, by tenant, feed and hour of sending", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
    world.addTenant("bolt");

    await world.deliver(
      record(message([track(), track({ integrations: { All: false } }), track({ userId: null })])),
      record(message([track(), track()], { feedId: "ios" })),
      record(message([track()]), { sentAtMs: NOW_MS - 5 * HOUR_MS }),
      record(message([track()], { tenantId: "bolt" })),
    );

    expect(added(world)).toEqual([
      { ...acme, first: 3, delivered: 1, filtered: 1, rejected: 1 },
      { ...acme, feedId: "ios", first: 2, delivered: 2 },
      { ...acme, hour: "2026-03-01T07", first: 1, delivered: 1 },
      { ...acme, tenantId: "bolt", first: 1, delivered: 1 },
    ]);
  });

  it("has bodies that cannot be read and events whose feed cannot be told", async () => {
    const world = new DeliverWorld();

    await world.deliver(
      record("no json"),
      record(message([{ type: "row" }])),
      record(message([track()], { tenantId: "nobody" })),
    );

    expect(added(world)).toEqual([
      { tenantId: undefined, feedId: undefined, hour: HOUR, first: 1, rejected: 1 },
      { tenantId: "acme", feedId: undefined, hour: HOUR, first: 1, rejected: 1 },
      { tenantId: "nobody", feedId: undefined, hour: HOUR, first: 1, held: 1 },
    ]);
  });

  it("tells what comes again from what comes first, and both that go back", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => THROTTLED;
    const came = record(message([track(), track()]));

    await world.deliver(came);
    const first = added(world);
    await world.deliver(again(came));

    expect(first).toEqual([{ ...acme, first: 2, returned: 2 }]);
    expect(added(world)).toEqual([{ ...acme, again: 2, returned: 2 }]);
    expect(balanceOf(world.ledger.columns)).toMatchObject({ received: 2, inProgress: 2, uncounted: 0 });
  });

  it("counts a message that is handed out twice at once as one", async () => {
    const world = new DeliverWorld();
    const came = record(message([track()]));

    await world.deliver(again(came), came);

    expect(added(world)).toEqual([{ ...acme, first: 1, delivered: 1 }]);
  });

  it("follows frozen events in their own hours until they end", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);

    await world.deliver(
      record(message([track(), track()])),
      record(message([track()]), { sentAtMs: NOW_MS - DAY_MS }),
    );
    const before = added(world);
    const [frozen] = world.queue.sent;
    await world.deliver(record(frozen?.body ?? ""));

    const hours = [acme, { ...acme, hour: "2026-02-28T12" }];
    expect(before).toEqual([
      { ...hours[0], first: 2, returned: 2 },
      { ...hours[1], first: 1, returned: 1 },
    ]);
    expect(added(world)).toEqual([
      { ...hours[0], again: 2, delivered: 2 },
      { ...hours[1], again: 1, delivered: 1 },
    ]);
  });

  it("counts an event as held whose frozen batch the queue did not take", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.queue.isDown = true;
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);

    await world.deliver(record(message([track()])));

    expect(added(world)).toEqual([{ ...acme, first: 1, held: 1 }]);
  });

  it("counts an event once whose record goes back because neither queue nor bucket took its frozen batch", async () => {
    const world = new DeliverWorld({ maxAttempts: 1 });
    world.queue.isDown = true;
    world.parked.isDown = () => true;
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE);

    await world.deliver(record(message([track()])));

    expect(added(world)).toEqual([{ ...acme, first: 1, returned: 1 }]);
  });

  it("receives events from the bucket once: where they were counted, or now", async () => {
    const world = new DeliverWorld();
    const requeued = (counted: boolean) =>
      record(message([track()], { requeued: { sentAtMs: [NOW_MS - 2 * DAY_MS], counted } }));

    await world.deliver(requeued(true), requeued(false));

    expect(added(world)).toEqual([{ ...acme, hour: "2026-02-27T12", first: 1, again: 1, delivered: 2 }]);
  });

  it("goes by the message's time where what it says of its events cannot be ours", async () => {
    const world = new DeliverWorld();
    const requeued = { sentAtMs: [Number.MAX_SAFE_INTEGER], counted: true };

    await world.deliver(record(message([track()], { requeued })));

    expect(added(world)).toEqual([{ ...acme, first: 1, delivered: 1 }]);
  });

  it("does not count what goes back before its feed could be told", async () => {
    const world = new DeliverWorld();
    world.tenants.isDown = () => true;
    const came = record(message([track()]));

    await world.deliver(came);
    const before = added(world);
    world.tenants.isDown = () => false;
    await world.deliver(again(came));

    expect(before).toEqual([]);
    expect(added(world)).toEqual([{ ...acme, again: 1, delivered: 1 }]);
    expect(balanceOf(world.ledger.columns)).toMatchObject({ received: 1, delivered: 1, uncounted: 1 });
  });

  it("has nothing of an ending that could not be parked", async () => {
    const world = new DeliverWorld();
    world.parked.isDown = () => true;
    world.mparticle.respond = () => MALFORMED;

    await world.deliver(record(message([track()])));

    expect(added(world)).toEqual([{ ...acme, first: 1, returned: 1 }]);
  });

  it("that cannot be written costs no event, and is reported", async () => {
    const world = new DeliverWorld();
    world.ledger.isDown = true;

    const { records, reports } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["done"]);
    expect(world.mparticle.takenIds).toHaveLength(1);
    expect(reports).toMatchObject([{ tenantId: "acme", delivered: 1, ledgerFailed: 1 }]);
  });

  it("is written after everything that ends an event: an invocation that dies on the way adds nothing", async () => {
    const world = new DeliverWorld();
    world.deps.events.post = () => Promise.reject(new Error("died"));

    await expect(world.deliver(record(message([track()])))).rejects.toThrow("died");

    expect(world.ledger.added).toEqual([]);
  });

  it("counts as returned what an invocation gives back that dies while it hides it", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => THROTTLED;
    world.deps.queue.hide = () => Promise.reject(new Error("died"));

    await expect(world.deliver(record(message([track()])))).rejects.toThrow("died");

    expect(world.ledger.added.flat()).toMatchObject([{ tenantId: "acme", first: 1, returned: 1 }]);
  });
});
