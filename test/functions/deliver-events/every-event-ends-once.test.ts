import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { total } from "../../../functions/deliver-events/report.ts";
import { balanceOf, imbalanceOf } from "../../../shared/core/ledger.ts";
import { DAY_MS, feed, HOUR_MS, message, NOW_MS } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import { type Answer, MALFORMED, type SeenRequest, UNAUTHORIZED } from "../../support/fake-mparticle.ts";
import { SimulatedQueue } from "../../support/simulated-queue.ts";

/** What partners send, drawn small: what matters is how messages, users, feeds and troubles meet. */
const events = fc.record({
  user: fc.constantFrom("u1", "u2", "u3", "bad"),
  kind: fc.constantFrom("sent", "sent", "sent", "historical", "filtered", "rejected"),
  platform: fc.constantFrom("web", "ios"),
});
const messages = fc.array(
  fc.record({
    tenantId: fc.constantFrom("acme", "acme", "bolt", "core", "dune", "nobody"),
    feedId: fc.constantFrom("default", "default", "ios", undefined),
    events: fc.array(events, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 14 },
);
const scenario = fc.record({
  messages,
  seed: fc.integer(),
  /** Share of requests that meet trouble. */
  trouble: fc.constantFrom(0, 0.2, 0.5, 0.8),
  maxAttempts: fc.constantFrom(1, 2),
  holdAfterReceives: fc.constantFrom(3, 300),
  /** The bucket refuses objects, all of an invocation or one, or the queue takes nothing, in this share of invocations. */
  awsTrouble: fc.constantFrom(
    { bucket: 0, queue: 0 },
    { bucket: 0, queue: 0 },
    { bucket: 0.3, queue: 0 },
    { bucket: 0.3, queue: 0, isPartly: true },
    { bucket: 0, queue: 0.3 },
  ),
});

const TROUBLES: readonly Answer[] = [
  { kind: "throttled", retryAfterSeconds: 4 },
  { kind: "throttled" },
  { kind: "unavailable", reason: "status 503", written: false },
  { kind: "unavailable", reason: "status 503", written: true },
  { kind: "unavailable", reason: "ECONNRESET", written: true },
  { kind: "unavailable", reason: "timeout", written: false },
];

describe("every event", () => {
  it("ends in exactly one counted place, and mParticle takes every delivered one exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ messages: drawn, ...conditions }) => {
        const ids: string[] = [];
        const bodies = drawn.map(({ events: calls, ...address }) =>
          message(
            calls.map((call) => {
              const messageId = `e${ids.length}`;
              ids.push(messageId);
              return eventOf(call, messageId);
            }),
            address,
          ),
        );

        const { world, counted } = await runUntilEmpty(bodies, conditions);

        const { parkedLines, parkedIds } = world;
        const taken = takenTimes(world);
        const { received, delivered, filtered, parked } = counted;
        expect(received).toBe(ids.length);
        expect(delivered + filtered + parked).toBe(ids.length);
        expect(parkedLines.reduce((sum, line) => sum + line.events, 0)).toBe(parked);
        expect([...taken.values()].filter((times) => times > 1)).toEqual([]);
        const { accounts, columns } = world.ledger;
        for (const account of accounts)
          expect(imbalanceOf(account, { mayBeInProgress: false })).toBeUndefined();
        const { rejected, held, ...balance } = balanceOf(columns);
        // What went back before its feed could be told is counted only when it comes again.
        const mayBeUncounted = drawn.some(({ feedId }) => feedId === undefined);
        const uncounted = mayBeUncounted ? expect.any(Number) : 0;
        expect(balance).toEqual({ received, delivered, filtered, inProgress: 0, uncounted });
        expect(rejected + held).toBe(parked);
        // What lies in the bucket as it came was not taken; of what lies there as it was built only mParticle knows.
        const came = parkedLines.flatMap(({ content }) => ("event" in content ? [content.event] : []));
        for (const event of came) expect(taken.has(idOf(event))).toBe(false);
        expect(new Set(parkedIds).size).toBe(parkedIds.length);
        const gone = new Set([...taken.keys(), ...parkedIds]);
        expect(ids.filter((id) => !gone.has(id))).toHaveLength(filtered);
      }),
      { numRuns: 300, seed: 20_260_301 },
    );
  });
});

function eventOf(
  { user, kind, platform }: { user: string; kind: string; platform: string },
  messageId: string,
) {
  return {
    type: "track",
    messageId,
    // One user's events are good or bad together: a batch is the least that mParticle refuses.
    userId: kind === "rejected" ? undefined : user,
    event: user === "bad" ? "Refused" : "Seen",
    context: { device: { type: platform } },
    timestamp: kind === "historical" ? NOW_MS - 40 * DAY_MS : NOW_MS - HOUR_MS,
    ...(kind === "filtered" && { integrations: { mParticle: false } }),
  };
}

interface Conditions {
  readonly seed: number;
  readonly trouble: number;
  readonly maxAttempts: number;
  readonly holdAfterReceives: number;
  readonly awsTrouble: { readonly bucket: number; readonly queue: number; readonly isPartly?: boolean };
}

/** Hands the messages to one invocation after the other until the queue is empty. */
async function runUntilEmpty(
  bodies: readonly string[],
  { seed, trouble, maxAttempts, holdAfterReceives, awsTrouble }: Conditions,
) {
  const random = randomFrom(seed);
  const world = new DeliverWorld({ maxAttempts, holdAfterReceives, maxConcurrentRequestsPerFeed: 2 });
  const feeds = [feed({ limits: { eventsPerRequest: 2 } }), feed({ feedId: "ios" })];
  for (const tenantId of ["acme", "bolt", "core"]) world.addTenant(tenantId, feeds);
  // What names no feed goes to either, and both are paused: a message's events are held in two objects.
  world.addTenant("dune", [
    feed({ status: "paused" }),
    feed({ feedId: "ios", platforms: ["iOS"], status: "paused" }),
  ]);
  const queue = new SimulatedQueue();
  for (const body of bodies) queue.send({ body }, NOW_MS);
  let invocations = 0;
  world.mparticle.respond = (request) => {
    if (isBad(request)) return MALFORMED;
    // Tenant core's key is refused for a spell, and for good from then on.
    if (request.apiKey.includes("core") && invocations > 3) return UNAUTHORIZED;
    // No trouble lasts for ever.
    if (invocations > 40 || random() >= trouble) return undefined;
    return TROUBLES[Math.floor(random() * TROUBLES.length)];
  };

  const counted = { received: 0, delivered: 0, filtered: 0, parked: 0 };
  while (!queue.isEmpty) {
    expect(++invocations).toBeLessThan(2_000);
    world.nowMs = Math.max(world.nowMs, queue.nextAtMs);
    const isBucketDown = invocations < 40 && random() < awsTrouble.bucket;
    world.parked.isDown = () => isBucketDown && (!awsTrouble.isPartly || random() < 0.5);
    world.queue.isDown = invocations < 40 && random() < awsTrouble.queue;
    const records = queue.receive(world.nowMs, random);
    const delivery = await world.deliver(...records);
    const { received, delivered, filtered, rejected, held } = delivery.counted;
    counted.received += received;
    counted.delivered += delivered;
    counted.filtered += total(filtered);
    counted.parked += total(rejected) + total(held);
    for (const [i, { messageId, receiptHandle }] of records.entries()) {
      if (delivery.records[i] === "done") queue.delete(messageId);
      else queue.hide(messageId, world.nowMs + 1000 * (world.queue.hidden.get(receiptHandle) ?? 0));
    }
    for (const sent of world.queue.sent.splice(0)) queue.send(sent, world.nowMs);
  }
  return { world, counted };
}

function isBad({ batches }: SeenRequest): boolean {
  return batches.some(({ user_identities }) => user_identities?.["customer_id"] === "bad");
}

/** How often mParticle took each event. */
function takenTimes({ mparticle }: DeliverWorld): Map<string, number> {
  const byId = Map.groupBy(mparticle.takenIds, (id) => id);
  return new Map(Array.from(byId, ([id, copies]) => [id, copies.length]));
}

function idOf(event: unknown): string {
  return String(Object(event).messageId);
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
