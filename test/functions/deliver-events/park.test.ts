import { describe, expect, it } from "vitest";
import { parkFates } from "../../../functions/deliver-events/park.ts";
import { readRecords } from "../../../functions/deliver-events/read-records.ts";
import type { SentBatch } from "../../../functions/deliver-events/send-feeds.ts";
import { DEFAULT_PACK_LIMITS } from "../../../shared/core/pack.ts";
import { message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";

describe("parking batches that share events", () => {
  it("writes all of each event, as it came or within its batches, and counts it once", async () => {
    const world = new DeliverWorld();
    const records = ["a", "b", "c"].map((messageId) => record(message([track({ messageId })])));
    const pass = await readRecords(records, world.deps);
    const sent = [
      held("profile of a, b and c", [0, 1, 2]),
      held("events of a and b", [0, 1]),
      { ...held("event of c", [2]), maybeWritten: true },
    ];

    await parkFates(pass, sent, world.deps);

    expect(world.parkedLines.map(({ content, events }) => [content, events])).toEqual([
      [{ batch: "profile of a, b and c", route: "live" }, 3],
      [{ batch: "events of a and b", route: "live" }, 0],
      [{ batch: "event of c", route: "live" }, 0],
    ]);
  });

  it("writes the events themselves while all of their batches go the same sure way", async () => {
    const world = new DeliverWorld();
    const records = ["a", "b"].map((messageId) => record(message([track({ messageId })])));
    const pass = await readRecords(records, world.deps);

    await parkFates(pass, [held("profile", [0, 1]), held("events", [0, 1])], world.deps);

    expect(world.parkedIds).toEqual(["a", "b"]);
  });

  it("writes batches of different causes as they were built, so that none needs the other's object", async () => {
    const world = new DeliverWorld();
    const pass = await readRecords([record(message([track({ messageId: "a" })]))], world.deps);
    const late: SentBatch = { ...held("events", [0]), fate: { kind: "held", cause: "unexpected_answer" } };
    world.parked.isDown = ({ cause }) => cause === "credentials_refused";

    const parked = await parkFates(pass, [held("profile", [0]), late], world.deps);

    expect(parked.map(({ fate }) => fate.kind)).toEqual(["deferred", "held"]);
    expect(world.parkedLines).toMatchObject([{ cause: "unexpected_answer", content: { batch: "events" } }]);
  });
});

function held(body: string, items: readonly number[]): SentBatch {
  return {
    route: "live",
    body: Buffer.from(body),
    eventCount: items.length,
    items,
    receiveCount: 1,
    isReturning: false,
    tenantId: "acme",
    feedId: "default",
    limits: DEFAULT_PACK_LIMITS,
    fate: { kind: "held", cause: "credentials_refused" },
    maybeWritten: false,
  };
}
