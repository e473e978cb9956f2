import { expect, it } from "vitest";
import { feed, message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";

/** A feed whose conversion of rows throws, as only a defect does. */
const brokenForRows = () =>
  Object.defineProperty(feed(), "rows", {
    get: () => {
      throw new TypeError("CANARY in an error");
    },
  });

it("an event whose conversion throws ends as rejected, and its neighbours are delivered", async () => {
  const world = new DeliverWorld();
  world.addTenant("acme", [brokenForRows()]);
  const row = { type: "row", model: "m", messageId: "bad", values: { name: "CANARY" } };

  const { records, counted } = await world.deliver(
    record(message([track({ messageId: "a", userId: "a" }), row, track({ messageId: "b", userId: "b" })])),
    record(message([track({ messageId: "c", userId: "c" })])),
  );

  expect(records).toEqual(["done", "done"]);
  expect(counted).toMatchObject({ delivered: 3, rejected: { conversion_failed: 1 } });
  expect(world.mparticle.takenIds).toEqual(["a", "b", "c"]);
  expect(world.parkedLines).toMatchObject([
    { ending: "rejected", reasons: [{ code: "conversion_failed" }], content: { event: row } },
  ]);
});

it("is logged once, with tenant, feed and the error's class alone", async () => {
  const world = new DeliverWorld();
  world.addTenant("acme", [brokenForRows()]);

  await world.deliver(record(message([{ type: "row", model: "m", values: { name: "CANARY" } }])));

  expect(world.log.lines.filter(({ level }) => level === "error")).toEqual([
    {
      level: "error",
      message: "Converting an event failed: it ends as rejected",
      fields: { tenantId: "acme", feedId: "default", error: "TypeError" },
    },
  ]);
});
