import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../bench/sample-events.ts";
import { DynamoFlowStore } from "../../../shared/aws/flow-store.ts";
import { again, message, NOW_MS, record, track } from "../../support/builders.ts";
import { awsError, dynamodbClient } from "../../support/clients.ts";
import { keyOf } from "../../support/deliver-world.ts";
import {
  idsIn,
  MALFORMED,
  type SeenRequest,
  TAKEN_YET_UNAVAILABLE,
  UNAUTHORIZED,
  UNAVAILABLE,
} from "../../support/fake-mparticle.ts";
import { messagesOf, PacedWorld } from "./paced-world.ts";

const chance = seededRandom(1);

describe("a feed with more than it takes", () => {
  it("is sent no more than its rate in any second", async () => {
    const world = new PacedWorld();
    world.knows({ rate: 40, limit: 40 });

    const { counted } = await world.invoke(...messagesOf(200, "m"));

    expect(world.mostInASecond).toBeLessThanOrEqual(40);
    expect(counted.delivered).toBeGreaterThanOrEqual(55);
    expect(world.elapsedMs).toBeLessThan(1_700);
  });

  it("is sent no more than that by invocations at the same time", async () => {
    const world = new PacedWorld();
    world.knows({ rate: 40, limit: 40 });

    await world.invokeAll(...["a", "b", "c"].map((name) => messagesOf(100, name)));

    expect(world.mostInASecond).toBeLessThanOrEqual(40);
    expect(world.mparticle.taken.size).toBeGreaterThanOrEqual(55);
  });

  it("leaves the rest a place in line each, at its rate", async () => {
    const world = new PacedWorld();
    world.knows({ rate: 10, limit: 10 });

    const { counted } = await world.invoke(...messagesOf(100, "m"));

    const delays = [...world.queue.hidden.values()];
    expect(delays).toHaveLength(100 - counted.delivered);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays.at(-1)).toBeGreaterThanOrEqual(8);
    for (const seconds of delays)
      expect(delays.filter((other) => other === seconds).length).toBeLessThanOrEqual(10);
  });

  it("lets what comes next wait behind them", async () => {
    const world = new PacedWorld();
    world.knows({ rate: 10, limit: 10 });
    await world.invoke(...messagesOf(100, "m"));
    const latest = Math.max(...world.queue.hidden.values());
    const late = record(message([track()]));

    // Those whose turn it is take all the room there is.
    await world.invokeAll(
      messagesOf(40, "due").map((one) => again(one)),
      [late],
    );

    expect(world.queue.hidden.get(late.receiptHandle)).toBeGreaterThanOrEqual(latest - 3);
  });

  it("takes what waited before first", async () => {
    const world = new PacedWorld();
    world.knows({ rate: 10, limit: 10 });
    const waited = messagesOf(12, "waited").map((one) => again(one));

    await world.invoke(...messagesOf(30, "fresh"), ...waited);

    const first = world.mparticle.takenIds.filter((id) => id.startsWith("waited"));
    expect(first).toHaveLength(12);
  });

  it("is sent in the same invocation what met a limit, when mParticle asks for no more than a moment", async () => {
    const world = new PacedWorld();
    world.mparticle.answer({ kind: "throttled", retryAfterSeconds: 1 });

    const { records, counted } = await world.invoke(...messagesOf(3, "m"));

    expect(records).toEqual(["done", "done", "done"]);
    expect(counted.delivered).toBe(3);
    const [first, second] = world.arrivals;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(world.arrivals).toHaveLength(2);
  });

  it("is sent nothing more by anyone while it is blocked", async () => {
    const world = new PacedWorld();
    world.mparticle.answer({ kind: "throttled", retryAfterSeconds: 60 });
    await world.invoke(...messagesOf(3, "first"));

    const deliveries = await world.invokeAll(messagesOf(3, "second"), messagesOf(3, "third"));

    expect(world.arrivals).toHaveLength(1);
    expect(deliveries.flatMap(({ records }) => records)).toEqual(Array(6).fill("returned"));
    expect(Math.min(...world.queue.hidden.values())).toBeGreaterThanOrEqual(59);
  });
});

describe("every request counts at mParticle, so it", () => {
  it.each([
    {
      what: "is sent again after no answer",
      respond: () => (chance() < 0.3 ? TAKEN_YET_UNAVAILABLE : undefined),
    },
    {
      what: "is half of one that was refused",
      respond: (request: SeenRequest) => (idsIn(request).includes("m-7") ? MALFORMED : undefined),
    },
    {
      what: "is sent with a new key",
      respond: ({ apiSecret }: SeenRequest) => (apiSecret === "secret v1" ? UNAUTHORIZED : undefined),
    },
  ])("takes room of the feed's rate when it $what", async ({ respond }) => {
    const world = new PacedWorld();
    world.knows({ rate: 40, limit: 40 });
    world.credentials.stored.set("acme/default", keyOf("acme", "default", "v1"));
    world.mparticle.respond = respond;
    const invoking = world.invoke(...messagesOf(30, "m"));
    world.credentials.stored.set("acme/default", keyOf("acme", "default", "v2"));

    const { counted } = await invoking;

    expect(world.arrivals.length).toBeGreaterThan(1);
    expect(world.mostInASecond).toBeLessThanOrEqual(40);
    const taken = new Set(world.mparticle.takenIds);
    expect(world.mparticle.takenIds).toHaveLength(taken.size);
    expect(counted.delivered).toBeGreaterThan(0);
  });
});

describe("room that cannot be used at its time", () => {
  it("is given back and asked for again", async () => {
    const world = new PacedWorld({ maxConcurrentRequests: 1 });
    world.addTenant("slow");
    world.mparticle.respond = async ({ apiKey }) => {
      if (apiKey.includes("slow")) await world.clock.sleep(1_000);
      return undefined;
    };

    const { counted } = await world.invoke(
      ...messagesOf(3, "s", { tenantId: "slow" }),
      ...messagesOf(3, "m"),
    );

    expect(counted.delivered).toBe(6);
    const sent = world.arrivals.find(({ apiKey }) => apiKey.includes("acme"))?.atMs ?? 0;
    expect(sent).toBeGreaterThanOrEqual(1_000);
    const { grants } = world.flow.of("acme");
    expect(grants.reduce((sum, { batches }) => sum + batches, 0)).toBe(3);
    expect(Math.abs((grants[0]?.atMs ?? 0) - NOW_MS - sent)).toBeLessThanOrEqual(60);
  });
});

describe("a backlog that is too long to wait on the queue", () => {
  async function spilled() {
    const world = new PacedWorld({ flow: { maxLineMs: 5_000 } });
    world.knows({ rate: 10, limit: 10 });
    const delivery = await world.invoke(...messagesOf(200, "m"));
    return { world, ...delivery };
  }

  it("is held beyond the line's end", async () => {
    const { world, counted, records } = await spilled();

    const waiting = records.filter((outcome) => outcome === "returned").length;
    expect(waiting).toBeGreaterThan(30);
    expect(waiting).toBeLessThanOrEqual(50);
    expect(counted.held).toEqual({ backlog: 200 - waiting - counted.delivered });
    expect(world.parkedLines[0]).toMatchObject({ ending: "held", lane: "live" });
  });

  it("is followed to the bucket by what comes next, which finds no room", async () => {
    const { world } = await spilled();
    const waiting = world.queue.hidden.size;

    const { records, counted } = await world.invoke(...messagesOf(50, "next"));

    expect(records).toEqual(Array(50).fill("done"));
    expect(counted.held["backlog"]).toBeGreaterThanOrEqual(30);
    expect(world.queue.hidden.size).toBe(waiting);
  });

  it("does not send to the bucket what waited in line and found no room at its time", async () => {
    const { world } = await spilled();

    const { records, counted } = await world.invoke(...messagesOf(40, "due").map((one) => again(one)));

    expect(counted.held).toEqual({});
    expect(records).toContain("returned");
  });
});

describe("an invocation", () => {
  it("waits for many feeds at once", async () => {
    const world = new PacedWorld();
    const tenants = Array.from({ length: 20 }, (_, i) => `tenant-${i}`);
    for (const tenantId of tenants) {
      world.addTenant(tenantId);
      world.knows({ rate: 4, limit: 4 }, tenantId);
    }

    await world.invoke(...tenants.flatMap((tenantId) => messagesOf(6, tenantId, { tenantId })));

    expect(world.elapsedMs).toBeLessThan(2_000);
    expect(world.mparticle.taken.size).toBeGreaterThanOrEqual(100);
  });

  it("waits for no turn that would leave too little time to settle what was sent", async () => {
    const world = new PacedWorld({ flow: { paceMs: 30_000 } });
    world.knows({ rate: 1, limit: 1 });
    world.remainingMs = () => 45_000 - world.elapsedMs;

    const { counted } = await world.invoke(...messagesOf(40, "m"));

    expect(counted.delivered).toBeGreaterThanOrEqual(20);
    expect(world.remainingMs()).toBeGreaterThanOrEqual(20_000);
  });

  it("makes so many calls to mParticle and to the flow's table at once, and no more, however many feeds it has", async () => {
    const world = new PacedWorld({ maxConcurrentRequests: 4 });
    const tenants = Array.from({ length: 40 }, (_, i) => `tenant-${i}`);
    for (const tenantId of tenants) world.addTenant(tenantId);
    let calls = 0;
    let most = 0;
    const counted = async <Value>(call: () => Promise<Value>) => {
      most = Math.max(most, ++calls);
      await world.clock.sleep(5);
      return await call().finally(() => calls--);
    };
    const update = world.flow.update.bind(world.flow);
    world.flow.update = (ids, step) => counted(() => update(ids, step));
    const post = world.mparticle.post.bind(world.mparticle);
    world.mparticle.post = (request) => counted(() => post(request));
    world.mparticle.respond = ({ apiKey }) => (apiKey.includes("-7") ? UNAVAILABLE : undefined);

    const { counted: ended } = await world.invoke(
      ...tenants.flatMap((tenantId) => messagesOf(2, tenantId, { tenantId })),
    );

    expect(most).toBe(4);
    expect(ended.delivered).toBe(78);
  });

  it("delivers and loses nothing while the flow's table cannot be used", async () => {
    const world = new PacedWorld();
    const client = dynamodbClient();
    mockClient(client).rejects(awsError("InternalServerError"));
    const { settings, random, log } = world.deps;
    const options = { client, tableName: "connector", clock: world.clock, random, log };
    Object.assign(world.deps, { flow: new DynamoFlowStore({ ...options, settings: settings.flow }) });

    const { counted, records } = await world.invoke(...messagesOf(100, "m"));

    // This instance's part of 100 batches a second, of 55 instances.
    expect(counted.delivered).toBeGreaterThanOrEqual(3);
    expect(records.filter((outcome) => outcome === "returned")).toHaveLength(100 - counted.delivered);
    expect(world.mostInASecond).toBeLessThanOrEqual(2);
  });

  it("sends a quiet feed's events at once, with one write to its flow", async () => {
    const world = new PacedWorld();
    let updates = 0;
    const { flow } = world;
    const update = flow.update.bind(flow);
    flow.update = (ids, step) =>
      update(ids, (state) => {
        const stepped = step(state);
        if (stepped.state !== state) updates++;
        return stepped;
      });
    await world.invoke(record(message([track()])));
    updates = 0;
    await world.clock.run(NOW_MS + 10_000);

    await world.invoke(record(message([track()])));

    expect(world.arrivals.at(-1)?.atMs).toBe(10_000);
    expect(updates).toBe(1);
  });
});
