import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import { admit } from "../../shared/core/flow/admit.ts";
import { DEFAULT_FLOW_SETTINGS as SETTINGS } from "../../shared/core/flow/flow-settings.ts";
import type { FlowState } from "../../shared/core/flow/flow-state.schema.ts";
import { initialFlow, withRate } from "../../shared/core/flow/flow-state.ts";
import { flowText, parseFlow } from "../../shared/core/flow/flow-text.ts";
import { place } from "../../shared/core/flow/line.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError, dynamodbClient } from "../support/clients.ts";
import { useTable } from "./embedded-table.ts";

const table = useTable();

/** One instance of a function, with a clock that tests move. */
function instance(client = table.newClient()) {
  const log = capturedLog();
  const clock = { at: NOW_MS, nowMs: () => clock.at, sleep: async () => {} };
  const calls: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(String(context["commandName"]));
      return next(args);
    },
    { step: "initialize" },
  );
  const store = new DynamoFlowStore({
    client,
    tableName: table.tableName,
    settings: SETTINGS,
    clock,
    random: () => 0.5,
    log,
  });
  return { store, clock, log, calls };
}

const feed = (tenantId: string) => ({ tenantId, feedId: "default" });
const keyOf = (tenantId: string) => ({ pk: { S: `tenant#${tenantId}` }, sk: { S: "flow#default" } });

async function itemOf(tenantId: string) {
  const command = new GetItemCommand({
    TableName: table.tableName,
    Key: keyOf(tenantId),
    ConsistentRead: true,
  });
  return (await table.newClient().send(command)).Item;
}

async function stateOf(tenantId: string): Promise<FlowState | undefined> {
  const text = (await itemOf(tenantId))?.["state"]?.S;
  return text === undefined ? undefined : parseFlow(text);
}

const rateOf = (state: FlowState) => ({ state, result: state.rate });
const setRate = (rate: number) => (state: FlowState) => ({
  state: withRate(state, rate, NOW_MS),
  result: state.rate,
});
const failOnce = (failures: number) => (state: FlowState) => ({
  state: { ...state, failures: state.failures + failures },
  result: state.failures,
});

/** Asks for as many batches as a feed's rate has room for. */
const takeRoom = (batches: number) => (state: FlowState) => {
  const ask = {
    lane: "live",
    returning: batches,
    fresh: 0,
    paceMs: SETTINGS.paceMs,
    probeMs: 20_000,
  } as const;
  const { state: after, grants } = admit(state, ask, SETTINGS, NOW_MS);
  return { state: after, result: grants.reduce((sum, grant) => sum + grant.batches, 0) };
};

/** What the table answers to a write that came too late, with what lies there if it tells that. */
function lostRace(Item?: Record<string, AttributeValue>): Error {
  const message = "The conditional request failed";
  return new ConditionalCheckFailedException({ message, $metadata: {}, ...(Item && { Item }) });
}

describe("the state of a feed's flow", () => {
  it("is that of a new feed at first, and nothing is written until it changes", async () => {
    const { store, calls } = instance();

    const rate = await store.update(feed("new"), rateOf);

    expect(rate).toBe(SETTINGS.initialRate);
    expect(calls.filter((name) => name === "UpdateItemCommand")).toEqual([]);
    expect(await itemOf("new")).toBeUndefined();
  });

  it("is what the last one left, whichever instance that was", async () => {
    const [one, two] = [instance(), instance()];

    await one.store.update(feed("shared"), setRate(30));
    const seen = await two.store.update(feed("shared"), setRate(40));

    expect(seen).toBe(30);
    expect(await stateOf("shared")).toEqual({ ...initialFlow(SETTINGS, NOW_MS), rate: 40 });
    expect(await one.store.update(feed("shared"), setRate(50))).toBe(40);
  });

  it("costs one write and no read while nobody else changes it", async () => {
    const { store, calls } = instance();
    await store.update(feed("alone"), setRate(30));
    calls.length = 0;

    await store.update(feed("alone"), setRate(40));

    expect(calls).toEqual(["UpdateItemCommand"]);
  });

  it("is read by a step that changes nothing, which no write would tell that others changed it", async () => {
    const [one, two] = [instance(), instance()];
    await one.store.update(feed("read"), setRate(30));
    await two.store.update(feed("read"), setRate(40));

    expect(await one.store.update(feed("read"), rateOf)).toBe(40);
  });

  it("is what this instance knew to a step whose result does not matter then", async () => {
    const { store, calls } = instance();
    await store.update(feed("known"), setRate(30));
    calls.length = 0;

    await store.update(feed("known"), rateOf, { mayBeOld: true });

    expect(calls).toEqual([]);
  });

  it("is each feed's own", async () => {
    const { store } = instance();
    await store.update(feed("own"), setRate(30));

    expect(await store.update({ tenantId: "own", feedId: "other" }, rateOf)).toBe(SETTINGS.initialRate);
    expect(await store.update(feed("another"), rateOf)).toBe(SETTINGS.initialRate);
  });

  it("is forgotten 30 days after it changed last", async () => {
    const { store } = instance();

    await store.update(feed("kept"), setRate(30));

    expect((await itemOf("kept"))?.["expiresAt"]?.N).toBe(String(NOW_MS / 1000 + 30 * 86_400));
  });

  it("starts anew when what is stored makes no sense", async () => {
    for (const [i, text] of ["no JSON", "{}", '{"rate":"fast"}'].entries()) {
      const { store, log } = instance();
      const tenantId = `invalid-${i}`;
      const Item = { ...keyOf(tenantId), state: { S: text }, version: { N: "7" } };
      await table.newClient().send(new PutItemCommand({ TableName: table.tableName, Item }));

      const seen = await store.update(feed(tenantId), setRate(30));

      expect(seen).toBe(SETTINGS.initialRate);
      expect((await stateOf(tenantId))?.rate).toBe(30);
      expect(log.lines).toMatchObject([{ level: "error", fields: { tenantId } }]);
    }
  });
});

describe("callers at the same time", () => {
  it("lose nothing, and over-admit nothing", async () => {
    const instances = Array.from({ length: 20 }, () => instance());

    const granted = await Promise.all(
      instances.map(({ store }) => store.update(feed("crowd"), takeRoom(10))),
    );

    const stored = (await stateOf("crowd"))?.grants.reduce((sum, { batches }) => sum + batches, 0);
    expect(stored).toBe(granted.reduce((sum, batches) => sum + batches, 0));
    expect(stored).toBeGreaterThan(10);
  });

  it("do their step again on what the faster one left", async () => {
    const [one, two] = [instance(), instance()];
    await one.store.update(feed("race"), failOnce(1));
    await two.store.update(feed("race"), failOnce(10));
    const seen: number[] = [];

    await one.store.update(feed("race"), (state) => {
      seen.push(state.failures);
      return failOnce(100)(state);
    });

    expect(seen).toEqual([1, 11]);
    expect((await stateOf("race"))?.failures).toBe(111);
  });

  it("who lose every race are granted nothing, yet have a place in line", async () => {
    const client = dynamodbClient();
    const table = mockClient(client);
    table.on(GetItemCommand).resolves({});
    table.on(UpdateItemCommand).rejects(lostRace());
    const { store, log } = instance(client);
    const ask = { lane: "live", returning: 0, fresh: 10, messages: 10, hiddenMessages: 0 } as const;

    const granted = await store.update(feed("beaten"), takeRoom(10));
    const places = await store.update(feed("beaten"), (state) => {
      const { state: after, fresh } = place(state, ask, SETTINGS, NOW_MS);
      return { state: after, result: fresh };
    });

    expect(granted).toBe(0);
    expect(places.batches).toBe(10);
    expect(log.lines).toMatchObject([{ level: "warn" }, { level: "warn" }]);
  });

  it("need not read what others left when the table tells it", async () => {
    const client = dynamodbClient();
    const table = mockClient(client);
    table.on(GetItemCommand).resolves({});
    const left = { ...initialFlow(SETTINGS, NOW_MS), failures: 2 };
    table
      .on(UpdateItemCommand)
      .rejectsOnce(lostRace({ state: { S: flowText(left) }, version: { N: "8" } }))
      .resolves({});
    const { store } = instance(client);

    const seen = await store.update(feed("told"), failOnce(1));

    expect(seen).toBe(2);
    // One is for the word to everyone.
    expect(table.commandCalls(GetItemCommand)).toHaveLength(2);
    expect(table.commandCalls(UpdateItemCommand)[1]?.args[0].input.ExpressionAttributeValues).toMatchObject({
      ":version": { N: "8" },
      ":next": { N: "9" },
    });
  });
});

describe("a table that cannot be used", () => {
  const outages = [
    { what: "throttles", error: awsError("ThrottlingException") },
    { what: "throttles one partition", error: awsError("ProvisionedThroughputExceededException") },
    { what: "errs", error: awsError("InternalServerError") },
    { what: "does not answer", error: awsError("TimeoutError") },
  ];

  function down(error: Error) {
    const client = dynamodbClient();
    const table = mockClient(client);
    table.rejects(error);
    return { ...instance(client), table };
  }

  it.each(outages)(
    "that $what leaves this instance its part of the rate, of as many as may run",
    async ({ error }) => {
      const { store, log } = down(error);

      const rate = await store.update(feed("down"), rateOf);
      const first = await store.update(feed("down"), takeRoom(1_000));
      const second = await store.update(feed("down"), takeRoom(1_000));

      expect(rate).toBeCloseTo(SETTINGS.initialRate / SETTINGS.maxInstances, 6);
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThanOrEqual(4);
      expect(second).toBe(0);
      expect(log.lines).toMatchObject([{ level: "error", fields: { error: error.name } }]);
    },
  );

  it("leaves it a part of the rate that was learnt, whatever is learnt meanwhile", async () => {
    const client = dynamodbClient();
    const table = mockClient(client);
    table.on(GetItemCommand).resolves({});
    table.on(UpdateItemCommand).resolves({});
    const { store } = instance(client);
    await store.update(feed("learnt"), setRate(275));
    table.rejects(awsError("InternalServerError"));

    const slowed = await store.update(feed("learnt"), setRate(999));
    const later = await store.update(feed("learnt"), rateOf);

    expect([slowed, later]).toEqual([5, 5]);
  });

  it("is left alone for five seconds, then asked again", async () => {
    const { store, clock, table } = down(awsError("TimeoutError"));

    await store.update(feed("rest"), rateOf);
    const calls = table.calls().length;
    clock.at += 4_999;
    await store.update(feed("rest"), rateOf);
    await store.update(feed("rest too"), rateOf);
    expect(table.calls()).toHaveLength(calls);

    clock.at += 1;
    await store.update(feed("rest"), rateOf);
    expect(table.calls().length).toBeGreaterThan(calls);
  });

  it("tells each step for how long that lasts, and forgets it once all that waited has come back", async () => {
    const { store, clock } = down(awsError("InternalServerError"));
    const aloneMs = () => store.update(feed("alone"), (state, lasts) => ({ state, result: lasts }));

    const told = [await aloneMs()];
    for (const passedMs of [4_000, 6_000, 899_999, 900_000]) {
      clock.at += passedMs;
      told.push(await aloneMs());
    }

    expect(told).toEqual([0, 4_000, 10_000, 909_999, 0]);
  });

  it("that can be used says nothing of that kind", async () => {
    const { store } = instance();

    const told = await store.update(feed("asked"), (state, lasts) => ({ state, result: lasts }));

    expect(told).toBeUndefined();
  });

  it("because of one feed's load does not slow the others", async () => {
    const client = dynamodbClient();
    const table = mockClient(client);
    table.on(GetItemCommand).resolves({});
    table.on(UpdateItemCommand).resolves({});
    table
      .on(UpdateItemCommand, { Key: keyOf("hot") })
      .rejects(awsError("ProvisionedThroughputExceededException"));
    const { store } = instance(client);

    await store.update(feed("hot"), setRate(90));
    await store.update(feed("calm"), setRate(80));

    expect(await store.update(feed("hot"), rateOf)).toBeLessThan(2);
    expect(await store.update(feed("calm"), rateOf, { mayBeOld: true })).toBe(80);
  });

  it("that is back has the truth, and this instance's own guesses are forgotten", async () => {
    const client = table.newClient();
    const { store, clock } = instance(client);
    const rival = instance();
    let isDown = false;
    client.middlewareStack.add(
      (next) => async (args) => {
        if (isDown) throw awsError("TimeoutError");
        return await next(args);
      },
      { step: "initialize" },
    );
    await store.update(feed("back"), setRate(90));
    isDown = true;
    const during = await store.update(feed("back"), failOnce(1));
    await rival.store.update(feed("back"), setRate(70));
    isDown = false;
    clock.at += 5_000;

    const seen = await store.update(feed("back"), setRate(60));

    expect(during).toBe(0);
    expect(seen).toBe(70);
    expect(await stateOf("back")).toMatchObject({ rate: 60, failures: 0 });
  });
});

describe("a word to everyone", () => {
  it("keeps all feeds from sending until then, at every instance within five seconds", async () => {
    const [one, two] = [instance(), instance()];
    const blockOf = (state: FlowState) => ({ state, result: state.blockedUntilMs });
    await two.store.update(feed("told"), blockOf);

    await one.store.blockEveryone(NOW_MS + 60_000);
    two.clock.at += 5_000;

    expect(await one.store.update(feed("told"), blockOf)).toBe(NOW_MS + 60_000);
    expect(await two.store.update(feed("told"), blockOf)).toBe(NOW_MS + 60_000);
    expect(await two.store.update(feed("never seen"), blockOf)).toBe(NOW_MS + 60_000);
  });

  it("counts at once at the instance that tells it, whatever else goes on there", async () => {
    const { store } = instance();
    const blockOf = (state: FlowState) => ({ state, result: state.blockedUntilMs });

    await Promise.all([store.blockEveryone(NOW_MS + 70_000), store.update(feed("meanwhile"), blockOf)]);

    expect(await store.update(feed("meanwhile"), blockOf)).toBe(NOW_MS + 70_000);
  });

  it("is not taken back by one that is shorter", async () => {
    const { store } = instance();
    await store.blockEveryone(NOW_MS + 90_000);

    await store.blockEveryone(NOW_MS + 1_000);

    const blockedUntilMs = await store.update(feed("any"), (state) => ({
      state,
      result: state.blockedUntilMs,
    }));
    expect(blockedUntilMs).toBe(NOW_MS + 90_000);
  });

  it("is none of a feed's own state: when it was wrong, or is over, nothing of it is left there", async () => {
    const { store } = instance();
    await store.blockEveryone(NOW_MS + 95_000);

    const seen = await store.update(feed("not its own"), (state) => ({
      state: withRate(state, 30, NOW_MS),
      result: state.blockedUntilMs,
    }));

    expect(seen).toBe(NOW_MS + 95_000);
    expect(await stateOf("not its own")).toMatchObject({ rate: 30, blockedUntilMs: 0 });
  });

  it("leaves a feed's own longer block", async () => {
    const { store } = instance();
    await store.blockEveryone(NOW_MS + 95_000);

    await store.update(feed("longer"), (state) => ({
      state: { ...state, blockedUntilMs: NOW_MS + 120_000 },
      result: undefined,
    }));

    expect(await stateOf("longer")).toMatchObject({ blockedUntilMs: NOW_MS + 120_000 });
  });

  it("that cannot be written is a log line", async () => {
    const client = dynamodbClient();
    mockClient(client).rejects(awsError("InternalServerError"));
    const { store, log } = instance(client);

    await store.blockEveryone(NOW_MS + 1_000);

    expect(log.lines).toMatchObject([{ level: "error", fields: { error: "InternalServerError" } }]);
  });
});
