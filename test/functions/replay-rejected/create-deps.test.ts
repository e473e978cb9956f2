import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createDeps } from "../../../functions/replay-rejected/create-deps.ts";
import { createHandler } from "../../../functions/replay-rejected/create-handler.ts";
import { parseReplayRejectedEnv } from "../../../shared/core/validators.ts";
import { eventLine, rejectedFolder } from "../../support/parked-lines.ts";
import { parkedOnAws } from "../../support/parked-on-aws.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;
const DAY = { tenantId: "acme", from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" };

const coded = (code: string) => ({ reasons: [{ code }] });

describe("the replay-rejected function on AWS", () => {
  it("lists rejected events, takes those that are asked for to the queue, and adds them to the ledger", async () => {
    const aws = await parkedOnAws();
    await aws.park(rejectedFolder(), [
      eventLine("a", coded("too_large")),
      eventLine("b", coded("no_identity")),
    ]);
    const { feedId: _, ...feedless } = rejectedFolder();
    await aws.park(feedless, [eventLine("c", coded("too_large"))]);
    const handler = createHandler(createDeps(parseReplayRejectedEnv(aws.env), aws.world), () => {});

    const listed = await handler({ ...DAY, action: "list" }, CONTEXT);
    const replayed = await handler({ ...DAY, action: "replay", codes: ["too_large"] }, CONTEXT);
    const left = await handler({ ...DAY, action: "list" }, CONTEXT);

    expect(listed).toMatchObject({ failures: 0 });
    expect(new Set(listed.counts)).toEqual(
      new Set([
        { feedId: "default", hour: "2026-03-01T12", code: "too_large", events: 1 },
        { feedId: "default", hour: "2026-03-01T12", code: "no_identity", events: 1 },
        { hour: "2026-03-01T12", code: "too_large", events: 1 },
      ]),
    );
    expect(replayed).toEqual({ events: 2, failures: 0 });
    const messages = await aws.received("live");
    expect(
      messages
        .flatMap(({ events }) => events.map(({ messageId }: { messageId: string }) => messageId))
        .sort(),
    ).toEqual(["a", "c"]);
    expect(left.counts).toEqual([
      { feedId: "default", hour: "2026-03-01T12", code: "no_identity", events: 1 },
    ]);
    const accounts = await aws.accounts();
    expect(accounts.find(({ feedId }) => feedId === "default")).toMatchObject({
      replayed: 1,
      returned: 1,
      first: 0,
    });
    expect(accounts.find(({ feedId }) => feedId === undefined)).toMatchObject({
      replayed: 1,
      returned: 0,
      first: -1,
    });
  });
});
