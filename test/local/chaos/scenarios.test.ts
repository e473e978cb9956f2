import { describe, expect, it } from "vitest";
import type { Result } from "../../../local/chaos/result.ts";
import { runScenario } from "../../../local/chaos/run-scenario.ts";
import type { Scenario } from "../../../local/chaos/scenario.ts";
import { BUSY_TENANT, type Traffic } from "../../../local/chaos/traffic.ts";

/** Enough to be delivered in a second. */
const LITTLE: Traffic = {
  seconds: 0.8,
  busy: { publishesPerSecond: 6, eventsPerPublish: 8, users: 20 },
  quiet: { tenants: 2, publishesPerSecond: 5, eventsPerPublish: 1, users: 3 },
};

async function run(scenario: Partial<Scenario>, withheld = 0): Promise<Result> {
  const stopped = new AbortController().signal;
  const options = { seed: 11, withheld, onLog: undefined, stopped };
  return await runScenario({ name: "tried", about: "", traffic: LITTLE, ...scenario }, options);
}

describe("a scenario", () => {
  it("finds every event where it belongs when nothing goes wrong", async () => {
    const { account, problems, quiet } = await run({});

    expect(problems).toEqual([]);
    const { sent, delivered, filtered, rejected } = account;
    expect(delivered + filtered + rejected).toBe(sent);
    expect(quiet.p99Ms).toEqual(expect.any(Number));
  });

  it("fails when an event that is said to be sent is not there", async () => {
    const { account, problems } = await run({}, 1);

    expect(account).toMatchObject({ lost: 1, lostIds: ["withheld-0"] });
    expect(problems).toEqual(["1 lost: withheld-0"]);
  });

  it("loses and doubles nothing when mParticle takes requests and does not say so", async () => {
    const { account, problems } = await run({
      surroundings: { timeScale: 20 },
      async disturb(world) {
        const wasReset = () => (world.standIn.counts().requests.byResult["reset"] ?? 0) > 0;
        world.mparticle("reset-after:0.7", BUSY_TENANT);
        for (let seconds = 16; !wasReset(); seconds++) await world.until(seconds);
        world.mparticle("", BUSY_TENANT);
      },
    });

    expect(problems).toEqual([]);
    expect(account).toMatchObject({ lost: 0, doubled: 0 });
    expect(account.doubledBefore).toBeGreaterThan(0);
  });

  it("loses nothing when workers are killed, and says which events they had", async () => {
    const { account, problems } = await run({
      // What a killed worker had claimed is not touched before its time would have been over: half a minute, of the scenario's.
      surroundings: { visibilityTimeoutSeconds: 4, timeScale: 5 },
      allows: { doubledWhenHandedTwice: "killed" },
      async disturb(world) {
        for (const at of [1.5, 3]) {
          await world.until(at);
          await world.workers.kill(0);
        }
      },
    });

    expect(problems).toEqual([]);
    expect(account.lost).toBe(0);
  });
});
