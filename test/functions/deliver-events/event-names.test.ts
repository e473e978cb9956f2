import { expect, it } from "vitest";
import { feed, message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";

it("counts the names of events and screens apart, by feed, and tells how many there have been", async () => {
  const world = new DeliverWorld();
  world.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
  const screen = { type: "screen", userId: "u-1", name: "Order" };

  const { reports } = await world.deliver(
    record(message([track({ event: "Order" }), track({ event: "Order" }), screen])),
    record(message([track({ event: "Other" })], { feedId: "ios" })),
  );

  expect(world.names.byFeed).toEqual(
    new Map([
      ["acme/default", new Set(["e Order", "s Order"])],
      ["acme/ios", new Set(["e Other"])],
    ]),
  );
  expect(reports.map(({ feedId, eventNames }) => [feedId, eventNames])).toEqual([
    ["default", 2],
    ["ios", 1],
  ]);
});

it("counts no name of what is filtered or rejected, or of events that have none", async () => {
  const world = new DeliverWorld();
  world.addTenant("acme");

  const { reports } = await world.deliver(
    record(
      message([
        track({ integrations: { All: false } }),
        track({ userId: null }),
        { type: "identify", userId: "u-1", traits: {} },
      ]),
    ),
  );

  expect(world.names.byFeed).toEqual(new Map());
  expect(reports[0]?.eventNames).toBeUndefined();
});

it("leaves the names where there is no time for them", async () => {
  const world = new DeliverWorld();
  world.addTenant("acme");
  world.remainingMs = () => 5_000;

  await world.deliver(record(message([track()])));

  expect(world.names.byFeed).toEqual(new Map());
});
