import { describe, expect, it } from "vitest";
import { again, record } from "../../support/builders.ts";
import { TAKEN_YET_UNAVAILABLE, UNAVAILABLE } from "../../support/fake-mparticle.ts";
import { messagesOf, PacedWorld } from "./paced-world.ts";

/** A world whose mParticle has just been found dead. */
async function deadWorld() {
  const world = new PacedWorld();
  world.mparticle.respond = () => UNAVAILABLE;
  await world.invoke(...messagesOf(1, "first"));
  return { world, requests: world.arrivals.length };
}

describe("a host that does not answer", () => {
  it("is left alone after three requests", async () => {
    const { requests } = await deadWorld();

    expect(requests).toBe(3);
  });

  it("is sent nothing until a probe is due: batches go back without a request", async () => {
    const { world, requests } = await deadWorld();

    const deliveries = await world.invokeAll(messagesOf(20, "a"), messagesOf(20, "b"));

    expect(world.arrivals).toHaveLength(requests);
    expect(deliveries.flatMap(({ records }) => records)).toEqual(Array(40).fill("returned"));
    const probeMs = world.flow.of("acme").probeAtMs - world.clock.nowMs();
    expect(Math.min(...world.queue.hidden.values())).toBeGreaterThanOrEqual(Math.floor(probeMs / 1000));
  });

  it("is sent one probe for each time that one is due, whoever comes", async () => {
    const { world, requests } = await deadWorld();

    const perRound: number[] = [];
    for (let round = 0; round < 3; round++) {
      await world.clock.run(world.flow.of("acme").probeAtMs);
      const before = world.arrivals.length;
      await world.invokeAll(
        messagesOf(20, `a${round}`),
        messagesOf(20, `b${round}`),
        messagesOf(20, `c${round}`),
      );
      perRound.push(world.arrivals.length - before);
    }

    expect(perRound).toEqual([1, 1, 1]);
    expect(world.arrivals.slice(requests).map(({ batches }) => batches)).toEqual([1, 1, 1]);
  });

  it("is sent everything as soon as it answers a probe, by the same invocation", async () => {
    const { world } = await deadWorld();
    world.mparticle.respond = () => undefined;
    await world.clock.run(world.flow.of("acme").probeAtMs);

    const { counted } = await world.invoke(...messagesOf(20, "m"));

    expect(counted.delivered).toBe(20);
  });

  it("does not keep other feeds from theirs", async () => {
    const { world } = await deadWorld();
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey.includes("acme") ? UNAVAILABLE : undefined);

    const { counted } = await world.invoke(
      ...messagesOf(5, "m"),
      ...messagesOf(5, "n", { tenantId: "bolt" }),
    );

    expect(counted.delivered).toBe(5);
  });
});

describe("a frozen message", () => {
  it("waits without a request while its host is dead, and is delivered as it was", async () => {
    const world = new PacedWorld();
    world.mparticle.respond = () => TAKEN_YET_UNAVAILABLE;
    await world.invoke(...messagesOf(3, "m"));
    const [sent] = world.mparticle.requests;
    const frozen = world.queue.sent.map(({ body }) => record(body));
    const requests = world.arrivals.length;

    const waiting = await world.invoke(...frozen);
    const afterWaiting = world.arrivals.length;
    world.mparticle.respond = () => undefined;
    await world.clock.run(world.flow.of("acme").probeAtMs);
    const { counted } = await world.invoke(...frozen.map((one) => again(one)));

    expect(waiting.records).toEqual(frozen.map(() => "returned"));
    expect(afterWaiting).toBe(requests);
    expect(counted.delivered).toBe(3);
    const sentAgain = world.mparticle.requests.slice(requests).flatMap(({ batches }) => batches);
    expect(sentAgain).toEqual(sent?.batches);
    expect(world.mparticle.takenIds).toEqual(["m-0", "m-1", "m-2"]);
  });

  it("is never delayed beyond what the queue allows, and is held when it would have to be", async () => {
    const world = new PacedWorld();
    world.mparticle.answer(UNAVAILABLE, { kind: "throttled", retryAfterSeconds: 1_800 });

    const { counted } = await world.invoke(...messagesOf(3, "m"));

    expect(world.queue.sent.every(({ delaySeconds }) => delaySeconds <= 900)).toBe(true);
    expect(counted.held).toEqual({ backlog: 3 });
  });
});
