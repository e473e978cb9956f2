import { describe, expect, it } from "vitest";
import { again } from "../../support/builders.ts";
import { messagesOf, PacedWorld } from "./paced-world.ts";

/** A live and a backfill function of the same deployment, on the same feeds. */
function twoLanes(rate: number) {
  const live = new PacedWorld();
  const backfill = new PacedWorld({ lane: "backfill" });
  live.knows({ rate, limit: rate });
  const { clock, ageNowMs, flow } = live.deps;
  Object.assign(backfill.deps, { clock, ageNowMs, flow, events: live.mparticle });
  return { live, backfill };
}

describe("backfill", () => {
  it("gets most of the feed's rate while there is nothing else", async () => {
    const { live, backfill } = twoLanes(50);

    const done = backfill.deliver(...messagesOf(200, "old"));
    await live.clock.run(live.clock.nowMs() + 5_000);
    await done;

    expect(live.mostInASecond).toBe(45);
  });

  it("does not delay live events that the feed has room for", async () => {
    const { live, backfill } = twoLanes(50);
    const done = backfill.deliver(...messagesOf(200, "old"));
    await live.clock.run(live.clock.nowMs() + 300);

    const { counted } = await live.invoke(...messagesOf(4, "new"));

    expect(counted.delivered).toBe(4);
    expect(live.elapsedMs).toBeLessThanOrEqual(350);
    await live.clock.run(live.clock.nowMs() + 5_000);
    await done;
    expect(live.mostInASecond).toBeLessThanOrEqual(50);
  });

  it("gets its share and no more while live events wait", async () => {
    const { live, backfill } = twoLanes(50);
    await live.invoke(...messagesOf(200, "new").map((one) => again(one)));
    live.arrivals.length = 0;

    const done = backfill.deliver(...messagesOf(200, "old"));
    await live.clock.run(live.clock.nowMs() + 5_000);
    await done;

    expect(live.mostInASecond).toBe(10);
  });

  it("waits in a line of its own", async () => {
    const { live, backfill } = twoLanes(10);
    const done = backfill.deliver(...messagesOf(200, "old"));
    await live.clock.run(live.clock.nowMs() + 5_000);
    await done;

    const { lines } = live.flow.of("acme");

    expect(lines.live.untilMs).toBe(0);
    expect(lines.backfill.untilMs).toBeGreaterThan(live.clock.nowMs() + 60_000);
  });
});
