import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { CopyCounts } from "../../../functions/deliver-events/claim-records.ts";
import { createHandler } from "../../../functions/deliver-events/create-handler.ts";
import type { QueueRecord } from "../../../functions/deliver-events/pass.ts";
import type { FeedReport } from "../../../functions/deliver-events/report.ts";
import { reportMetrics } from "../../../functions/deliver-events/report-metrics.ts";
import { message, record, track } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { THROTTLED, UNAUTHORIZED, UNAVAILABLE } from "../../support/fake-mparticle.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 120_000 } as Context;

/** The event by which Lambda hands records over. */
function sqsEvent(...records: QueueRecord[]): SQSEvent {
  return {
    Records: records.map(({ messageId, receiptHandle, body, receiveCount, sentAtMs }) => ({
      messageId,
      receiptHandle,
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: String(sentAtMs),
        SenderId: "sender",
        ApproximateFirstReceiveTimestamp: String(sentAtMs),
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-north-1:111122223333:ingest",
      awsRegion: "eu-north-1",
    })),
  };
}

/** Runs the handler as Lambda does. */
async function invoke(world: DeliverWorld, event: SQSEvent, context = CONTEXT) {
  const reports: FeedReport[] = [];
  const copies: CopyCounts[] = [];
  const handler = createHandler(world.deps, (counted) => {
    reports.push(...counted.reports);
    copies.push(counted.copies);
  });
  const response = (await handler(event, context)) as unknown as SQSBatchResponse;
  return { response, reports, copies: copies[0] ?? { done: 0, busy: 0, unclaimed: 0 } };
}

describe("the deliver-events handler", () => {
  it("answers with no failures when all is settled, whatever its ending", async () => {
    const world = new DeliverWorld();

    const { response } = await invoke(
      world,
      sqsEvent(
        record(message([track()])),
        record("no json"),
        record(message([track()], { tenantId: "who" })),
      ),
    );

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it("answers with the ids of exactly the messages that go back", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of acme/default" ? THROTTLED : undefined);

    const { response } = await invoke(
      world,
      sqsEvent(
        record(message([track()]), { messageId: "one" }),
        record(message([track()], { tenantId: "bolt" }), { messageId: "two" }),
        record(message([track()]), { messageId: "three" }),
      ),
    );

    expect(response).toEqual({
      batchItemFailures: [{ itemIdentifier: "one" }, { itemIdentifier: "three" }],
    });
  });

  it("answers an empty batch", async () => {
    const { response } = await invoke(new DeliverWorld(), sqsEvent());

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it("throws what is our own fault, so that Lambda counts an error and every message comes again", async () => {
    const world = new DeliverWorld();
    world.deps.queue.hide = () => Promise.reject(new TypeError("a bug"));
    world.mparticle.respond = () => THROTTLED;

    await expect(invoke(world, sqsEvent(record(message([track()]))))).rejects.toThrow(
      /^The invocation failed: TypeError$/,
    );
  });

  it("reads receive count and sent time from the record", async () => {
    const world = new DeliverWorld();
    world.tenants.isDown = () => true;
    const came = record(message([track()]), { receiveCount: 6 });

    await invoke(world, sqsEvent(came));

    expect([...world.queue.hidden]).toEqual([[came.receiptHandle, 42]]);
  });

  it("keeps to the time that Lambda leaves it", async () => {
    const world = new DeliverWorld();
    const context = { getRemainingTimeInMillis: () => 1_000 } as Context;

    const { response } = await invoke(world, sqsEvent(record(message([track()]))), context);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(world.mparticle.requests).toEqual([]);
  });

  it("reports what it counted, by feed", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of bolt/default" ? UNAUTHORIZED : undefined);

    const { reports } = await invoke(
      world,
      sqsEvent(
        record(message([track(), track({ integrations: { All: false } })])),
        record(message([track()], { tenantId: "bolt" })),
      ),
    );

    expect(reports).toMatchObject([
      { tenantId: "acme", feedId: "default", received: 2, delivered: 1, filtered: { integrations: 1 } },
      { tenantId: "bolt", feedId: "default", received: 1, held: { credentials_refused: 1 } },
    ]);
  });
});

describe("the deliver-events metrics", () => {
  /** What an invocation emits by name. */
  async function emittedBy(world: DeliverWorld, ...records: QueueRecord[]): Promise<Record<string, number>> {
    const emitted: [string, number][] = [];
    const { reports, copies } = await invoke(world, sqsEvent(...records));
    reportMetrics(
      { reports, copies },
      { addMetric: (name, _unit, value) => emitted.push([name, value]) as never },
    );
    return Object.fromEntries(emitted);
  }

  it("tell what is held until somebody acts apart from pauses", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt", undefined, { status: "paused" });
    const held = ["bolt", "who"].map((tenantId) => record(message([track()], { tenantId })));

    expect(await emittedBy(world, ...held)).toMatchObject({ EventsHeld: 2, EventsAwaitingPerson: 1 });
  });

  it("count requests that were given up without an answer, but no overload that is frozen", async () => {
    const world = new DeliverWorld({ maxAttempts: 2 });
    world.addTenant("bolt");
    const isBolt = ({ apiKey }: { apiKey: string }) => apiKey === "key of bolt/default";
    world.mparticle.respond = (request) => (isBolt(request) ? UNAVAILABLE : THROTTLED);
    const mixed = record(message([track(), { type: "row" }]));

    const overload = await emittedBy(world, mixed);
    const outage = await emittedBy(world, record(message([track()], { tenantId: "bolt" })));

    expect(overload).toMatchObject({ RequestsFrozen: 1, RequestsUnanswered: 0 });
    expect(outage).toMatchObject({ RequestsFrozen: 1, RequestsUnanswered: 1, RequestsRetried: 1 });
  });

  it("add up over all feeds, those that are zero included, and tell each feed's rate", async () => {
    const world = new DeliverWorld();
    world.addTenant("bolt");
    const emitted: [string, number][] = [];
    world.claims.verdicts.set("handled", { kind: "done" });
    world.claims.verdicts.set("unknown", { kind: "unclaimed" });
    const { reports, copies } = await invoke(
      world,
      sqsEvent(
        record(message([track()]), { messageId: "handled" }),
        record(message([track(), { type: "row" }]), { messageId: "unknown" }),
        record(message([track()], { tenantId: "bolt" })),
        record(message([track()], { tenantId: "who" })),
      ),
    );

    const addMetric = (name: string, _unit: string, value: number) => emitted.push([name, value]) as never;
    reportMetrics({ reports, copies }, { addMetric });

    expect(emitted.filter(([name]) => name === "FeedRate")).toHaveLength(2);
    expect(emitted.filter(([name]) => name === "FeedEventNames").length).toBeGreaterThan(0);
    const counts = emitted.filter(([name]) => !["FeedRate", "FeedEventNames"].includes(name));
    expect(Object.fromEntries(counts)).toEqual({
      EventsReceived: 4,
      EventsDelivered: 2,
      EventsFiltered: 0,
      EventsRejected: 1,
      EventsHeld: 1,
      EventsAwaitingPerson: 1,
      MessagesDeferred: 0,
      BatchesAdmitted: 2,
      RequestsSent: 2,
      RequestsThrottled: 0,
      RequestsRetried: 0,
      BatchesSent: 2,
      CredentialsRefused: 0,
      RequestsUnanswered: 0,
      RequestsFrozen: 0,
      ParkingFailed: 0,
      LedgerFailed: 0,
      CopiesDone: 1,
      CopiesBusy: 0,
      MessagesUnclaimed: 1,
    });
  });
});
