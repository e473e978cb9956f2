import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createHandler, type ReleaseTrigger } from "../../../functions/release-held/create-handler.ts";
import { reportRelease } from "../../../functions/release-held/report-release.ts";
import { NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { eventLine, heldFolder } from "../../support/parked-lines.ts";
import { ReleaseWorld } from "../../support/release-world.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;
const SCHEDULED = { source: "aws.scheduler", "detail-type": "Scheduled Event", detail: {} };
const changed = (detail: unknown): ReleaseTrigger => ({
  source: "partner-feed-connector",
  "detail-type": "Feed Changed",
  detail,
});

/** Runs the handler as Lambda does, with its report. */
async function invoke(world: ReleaseWorld, event: ReleaseTrigger, context = CONTEXT) {
  const log = capturedLog();
  const emitted: [string, number][] = [];
  const metrics = {
    addMetric: (name: string, _unit: string, value: number) => emitted.push([name, value]) as never,
  };
  const handler = createHandler(world.releaseDeps, (report) => reportRelease(report, { log, metrics }));
  await handler(event, context);
  return { log, emitted: Object.fromEntries(emitted) };
}

function twoTenants(): ReleaseWorld {
  const world = new ReleaseWorld();
  world.deliver.addTenant("bolt");
  world.bucket.put(heldFolder(), [eventLine("a")], NOW_MS - 30_000);
  world.bucket.put(heldFolder(), [eventLine("b"), eventLine("c")], NOW_MS - 20_000);
  world.bucket.put(heldFolder({ tenantId: "bolt" }), [eventLine("of bolt")], NOW_MS - 10_000);
  return world;
}

describe("the release-held handler", () => {
  it.each([SCHEDULED, {}])("looks at all tenants on a schedule, and reports it", async (event) => {
    const world = twoTenants();

    const { log, emitted } = await invoke(world, event);

    expect(world.sentIds).toHaveLength(4);
    expect(emitted).toEqual({
      EventsReleased: 4,
      ReleaseFailed: 0,
      OldestHeldSeconds: 30,
      OldestPausedSeconds: 0,
    });
    expect(log.lines).toHaveLength(2);
    expect(log.lines).toContainEqual({
      level: "info",
      message: "Held events released",
      fields: { ...heldFolder(), objects: 2, events: 3 },
    });
  });

  it("looks at one tenant on word of a change, and says nothing of the oldest event", async () => {
    const world = twoTenants();

    const { emitted } = await invoke(world, changed({ tenantId: "bolt" }));

    expect(world.sentIds).toEqual(["of bolt"]);
    expect(emitted).toEqual({ EventsReleased: 1, ReleaseFailed: 0 });
  });

  it.each([{}, null, { tenantId: 7 }, { tenantId: "acme", feedId: "a b" }])(
    "throws for word of a change that does not say of what: %j",
    async (detail) => {
      const world = twoTenants();

      await expect(invoke(world, changed(detail))).rejects.toThrow();
      expect(world.sentIds).toEqual([]);
    },
  );

  it("keeps to the time that Lambda leaves it", async () => {
    const world = twoTenants();

    const context = { getRemainingTimeInMillis: () => 1_000 } as Context;
    const { emitted } = await invoke(world, SCHEDULED, context);

    expect(emitted).toMatchObject({ EventsReleased: 0 });
    expect(world.bucket.texts.size).toBe(3);
  });

  it("throws what is our own fault without quoting it", async () => {
    const world = twoTenants();
    world.releaseDeps = {
      ...world.releaseDeps,
      random: () => {
        throw new TypeError("a bug, and what it quotes");
      },
    };

    await expect(invoke(world, SCHEDULED)).rejects.toThrow(/^The invocation failed: TypeError$/);
  });
});
