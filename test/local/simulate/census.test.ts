import { describe, expect, it } from "vitest";
import { Census } from "../../../local/simulate/census.ts";
import { figuresOf } from "../../../local/simulate/figures.ts";
import { run } from "../../../local/simulate/run.ts";
import { parseFaults } from "../../../local/stand-in/faults.ts";
import { account, feedPlan, plan } from "./support.ts";

describe("where every event is", () => {
  it("a batch that is found nowhere is lost", () => {
    const census = new Census();
    const range = census.send(5, 3, 0);
    census.found("delivered", { first: range.first, count: 1 });
    census.found("queued", { first: range.first + 1, count: 1 });
    census.found("held", { first: range.first + 2, count: 2 });

    const found = census.account();

    expect(found).toEqual({ sent: 15, delivered: 3, queued: 3, held: 6, lost: 3, doubled: 0 });
  });

  it.each(["delivered", "queued", "held"] as const)(
    "a batch that was delivered and is found %s too is doubled",
    (place) => {
      const census = new Census();
      const range = census.send(2, 3, 0);
      census.found("delivered", range);
      census.found(place, { first: range.first, count: 1 });

      const found = census.account();

      expect(found).toEqual({ sent: 6, delivered: 6, queued: 0, held: 0, lost: 0, doubled: 3 });
    },
  );

  it("a run in which events are said to be sent and are not finds them lost", async () => {
    const found = await account({ withheld: 7 });

    expect(found.lost).toBe(7);
    expect(found.delivered).toBe(found.sent - 7);
  });

  it.each([
    { what: "nobody has too much", over: {} },
    { what: "a feed is sent ten times its limit", over: { minutes: 3, feeds: [feedPlan(1200)] } },
    { what: "a backlog waits", over: { feeds: [feedPlan(0, { backlogEvents: 200_000 })] } },
    {
      what: "a backfill waits",
      over: { feeds: [feedPlan(0, { backlogEvents: 20_000, lane: "backfill" as const })] },
    },
    {
      what: "requests fail on the way",
      over: {
        minutes: 2,
        feeds: [feedPlan(150)],
        mparticle: {
          faults: parseFaults("503:0.1,503-after:0.1,reset:0.1,timeout:0.05,latency:20-60"),
          judgedAt: 0.2,
          tellsUse: true,
        },
      },
    },
  ])("nothing is lost or doubled when $what", async ({ over }) => {
    const found = await account(over);

    expect(found).toMatchObject({ lost: 0, doubled: 0 });
    expect(found.delivered + found.queued + found.held).toBe(found.sent);
  });
});

describe("a run", () => {
  it("is the same for the same seed, and another for another", async () => {
    const feeds = [feedPlan(300)];

    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => figuresOf(await run(plan({ seed, feeds })))),
    );

    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("takes no more than mParticle's limit, second by second", async () => {
    const { mparticle } = await run(plan({ minutes: 2, feeds: [feedPlan(1200)] }));

    const { taken } = mparticle.of("0");

    expect(Math.max(...taken)).toBeLessThanOrEqual(120);
    expect(taken.reduce((sum, batches) => sum + batches, 0)).toBeGreaterThan(0);
  });

  it("counts as delivered what mParticle took", async () => {
    const { census, mparticle } = await run(plan({ feeds: [feedPlan(150)] }));

    const taken = Array.from(mparticle.feeds, ([apiKey, feed]) => {
      const eventsPerBatch = apiKey === "0" ? 1 : 2;
      return eventsPerBatch * feed.taken.reduce((sum, batches) => sum + batches, 0);
    });

    expect(census.account().delivered).toBe(taken.reduce((sum, events) => sum + events, 0));
  });
});
