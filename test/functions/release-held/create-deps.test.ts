import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/release-held/create-deps.ts";
import { createHandler } from "../../../functions/release-held/create-handler.ts";
import type { ReleaseReport } from "../../../functions/release-held/release-held.ts";
import { parseReleaseHeldEnv } from "../../../shared/core/validators.ts";
import { eventLine, heldFolder } from "../../support/parked-lines.ts";
import { parkedOnAws } from "../../support/parked-on-aws.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;

describe("the release-held function on AWS", () => {
  it("takes held events from the bucket to the queues that they came from, and adds them to the ledger", async () => {
    const aws = await parkedOnAws();
    await aws.park(heldFolder(), [eventLine("a"), eventLine("b")]);
    await aws.park(heldFolder({ lane: "backfill", cause: "backlog" }), [eventLine("c")]);
    await aws.park(heldFolder({ tenantId: "who", cause: "unknown_tenant" }), [eventLine("d")]);
    const reports: ReleaseReport[] = [];
    const handler = createHandler(createDeps(parseReleaseHeldEnv(aws.env), aws.world), (report) => {
      reports.push(report);
    });

    await handler({}, CONTEXT);

    expect(reports).toMatchObject([{ failures: 0, oldest: { heldSeconds: 0, pausedSeconds: 0 } }]);
    expect(await aws.received("live")).toMatchObject([
      { tenantId: "acme", feedId: "default", events: [{ messageId: "a" }, { messageId: "b" }] },
    ]);
    expect(await aws.received("backfill")).toMatchObject([{ events: [{ messageId: "c" }] }]);
    expect(await aws.keys()).toEqual([expect.stringMatching(/^held\/tenant=who\//)]);
    expect(await aws.accounts()).toMatchObject([{ feedId: "default", released: 3, returned: 3 }]);
    expect(aws.world.pace.backlogsReleased).toEqual(["acme/default/backfill"]);
  });

  it("sees at once what was changed a moment ago", async () => {
    const aws = await parkedOnAws();
    await aws.park(heldFolder(), [eventLine("a")]);
    const handler = createHandler(createDeps(parseReleaseHeldEnv(aws.env), aws.world), () => {});
    await aws.setTenantStatus("paused");
    await handler({}, CONTEXT);
    const whilePaused = await aws.received("live");

    await aws.setTenantStatus("active");
    await handler({}, CONTEXT);

    expect(whilePaused).toEqual([]);
    expect(await aws.received("live")).toMatchObject([{ events: [{ messageId: "a" }] }]);
  });
});
