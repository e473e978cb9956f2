import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createHandler } from "../../../functions/replay-rejected/create-handler.ts";
import { reportReplay } from "../../../functions/replay-rejected/report-replay.ts";
import type { ReplayAnswer } from "../../../shared/ports-onboarding.ts";
import { NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { eventLine, rejectedFolder } from "../../support/parked-lines.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;

const REQUEST = {
  action: "replay",
  tenantId: "acme",
  from: new Date(NOW_MS - 1_000).toISOString(),
  to: new Date(NOW_MS + 1_000).toISOString(),
};

/** Runs the handler as Lambda does, with its report. */
async function invoke(world: ReleaseWorld, event: unknown) {
  const log = capturedLog();
  const emitted: [string, number][] = [];
  const metrics = {
    addMetric: (name: string, _unit: string, value: number) => emitted.push([name, value]) as never,
  };
  const handler = createHandler(world.releaseDeps, (request, answer) =>
    reportReplay(request, answer, { log, metrics }),
  );
  const answer = (await handler(event, CONTEXT)) as unknown as ReplayAnswer;
  return { answer, log, emitted: Object.fromEntries(emitted) };
}

function worldOf(): ReleaseWorld {
  const world = new ReleaseWorld();
  world.bucket.put(rejectedFolder(), [eventLine("a"), eventLine("b")]);
  return world;
}

describe("the replay-rejected handler", () => {
  it("answers what it did, and reports who was replayed", async () => {
    const { answer, log, emitted } = await invoke(worldOf(), REQUEST);

    expect(answer).toEqual({ events: 2, failures: 0 });
    expect(emitted).toEqual({ EventsReplayed: 2 });
    expect(log.lines).toMatchObject([{ level: "info", fields: { ...REQUEST, events: 2 } }]);
  });

  it("answers counts, and leaves them out of the log", async () => {
    const { answer, log, emitted } = await invoke(worldOf(), { ...REQUEST, action: "list" });

    expect(answer.counts).toMatchObject([{ events: 2 }]);
    expect(log.lines[0]?.fields).not.toHaveProperty("counts");
    expect(emitted).toEqual({ EventsReplayed: 0 });
  });

  it.each([
    ["nothing", undefined, "action is required"],
    ["an unknown action", { ...REQUEST, action: "delete" }, "action is not one of list, replay"],
    ["no tenant", { ...REQUEST, tenantId: undefined }, "tenantId is required"],
    ["a day for an instant", { ...REQUEST, from: "2026-03-01" }, "from is not a valid datetime"],
    ["no end", { ...REQUEST, to: undefined }, "to is required"],
    ["no codes at all", { ...REQUEST, codes: [] }, "codes must not be empty"],
  ])("refuses a request with %s, and says why", async (_, event, message) => {
    const world = worldOf();

    await expect(invoke(world, event)).rejects.toThrow(message);
    expect(world.bucket.calls).toEqual([]);
  });

  it("keeps to the time that Lambda leaves it", async () => {
    const world = worldOf();
    const handler = createHandler(world.releaseDeps, () => {});
    const context = { getRemainingTimeInMillis: () => 1_000 } as Context;

    const answer = await handler(REQUEST, context);

    expect(answer).toEqual({ events: 0, failures: 0, continueFrom: new Date(NOW_MS).toISOString() });
  });

  it("throws without quoting what went wrong", async () => {
    const world = worldOf();
    world.bucket.fails = () => true;

    await expect(invoke(world, REQUEST)).rejects.toThrow(/^The invocation failed: OutageError$/);
  });
});
