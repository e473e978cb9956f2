import { describe, expect, it } from "vitest";
import { feed, message, ownBatch, record } from "../../support/builders.ts";
import { DeliverWorld } from "../../support/deliver-world.ts";
import {
  type Answer,
  MALFORMED,
  TAKEN_YET_UNAVAILABLE,
  THROTTLED,
  UNAUTHORIZED,
} from "../../support/fake-mparticle.ts";

/** In every place that must stay secret. */
const CANARY = "CANARY";

/** Events whose every value is a canary, of every fault that can be told before sending. */
function secretEvents(kind = "early") {
  const id = (n: number) => `${CANARY}-${kind}-${n}`;
  const named = { messageId: id(1), userId: `${CANARY}-user`, anonymousId: `${CANARY}-anonymous` };
  const secret = { [`${CANARY}-name`]: `${CANARY}-value`, email: `${CANARY}@example.com` };
  const track = { type: "track", ...named, event: `${CANARY} event`, properties: secret };
  return [
    track,
    {
      ...track,
      messageId: id(2),
      timestamp: `${CANARY}-time`,
      context: { ip: CANARY, traits: secret },
    },
    { type: "identify", ...named, messageId: id(3), traits: secret },
    { ...track, messageId: id(4), userId: `${CANARY}`.repeat(100) },
    { ...track, messageId: id(5), properties: CANARY },
    { ...track, type: `${CANARY}-type` },
    { type: "row", values: secret },
    ownBatch({
      user_identities: { customer_id: CANARY, email: CANARY },
      user_attributes: secret,
    }),
    ownBatch({ user_identities: { customer_id: CANARY }, events: [{ event_type: CANARY, data: secret }] }),
    CANARY,
  ];
}

/** A world in which every secret is a canary too. */
function secretWorld(): DeliverWorld {
  const world = new DeliverWorld({ maxAttempts: 2, holdAfterReceives: 9 });
  world.addTenant("paused", [feed()], { status: "paused" });
  for (const [name, stored] of world.credentials.stored) {
    world.credentials.stored.set(name, { ...stored, apiKey: `${CANARY}-key`, apiSecret: `${CANARY}-secret` });
  }
  return world;
}

const SCENARIOS: { name: string; prepare: (world: DeliverWorld) => void }[] = [
  { name: "all is well", prepare: () => {} },
  ...(
    [
      ["mParticle throttles", THROTTLED],
      ["mParticle is unavailable", TAKEN_YET_UNAVAILABLE],
      ["the key is refused", UNAUTHORIZED],
      ["batches are refused", MALFORMED],
      ["a request is refused", { kind: "refused", status: 404, reason: "status 404" }],
    ] as [string, Answer][]
  ).map(([name, answer]) => ({
    name,
    prepare: (world: DeliverWorld) => {
      world.mparticle.respond = () => answer;
    },
  })),
  {
    name: "the table fails",
    prepare: (world) => {
      world.tenants.find = () => Promise.reject(new Error(`${CANARY} in an error`));
    },
  },
  {
    name: "the feed's status cannot be written",
    prepare: (world) => {
      world.mparticle.respond = () => UNAUTHORIZED;
      world.tenants.credentialsRefused = () => Promise.reject(new Error(CANARY));
    },
  },
  {
    name: "the secret fails",
    prepare: (world) => {
      world.credentials.find = () => Promise.reject(new Error(`${CANARY} in an error`));
    },
  },
  {
    name: "the secret fails when it is read again",
    prepare: (world) => {
      world.mparticle.respond = () => {
        world.credentials.find = () => Promise.reject(new Error(CANARY));
        return UNAUTHORIZED;
      };
    },
  },
  {
    name: "the bucket fails",
    prepare: (world) => {
      world.parked.isDown = () => true;
    },
  },
  {
    name: "the queue refuses what is frozen",
    prepare: (world) => {
      world.mparticle.respond = () => TAKEN_YET_UNAVAILABLE;
      world.queue.isDown = true;
    },
  },
];

describe("secrecy", () => {
  it.each(SCENARIOS)(
    "no key, identity or content reaches log, report or parked reason when $name",
    async ({ prepare }) => {
      const world = secretWorld();
      prepare(world);

      const { reports } = await world.deliver(
        record(message(secretEvents())),
        record(message(secretEvents().slice(0, 3), { feedId: "none" })),
        record(message(secretEvents().slice(0, 3), { tenantId: "paused" })),
        record(message(secretEvents().slice(0, 3), { tenantId: "nobody" })),
        record(message(secretEvents("late").slice(0, 3)), { receiveCount: 9 }),
        record(`{"cut off": "${CANARY}`),
        record(message([], { version: CANARY, tenantId: `${CANARY} of no tenant`, mode: CANARY })),
      );

      const reasons = world.parkedLines.flatMap((line) => line.reasons);
      expect(JSON.stringify([world.log.lines, reports, reasons])).not.toContain(CANARY);
      // What was sent and parked holds the canary, so that a leak would have been seen.
      const elsewhere = [world.parked.objects, world.queue.sent, world.mparticle.requests];
      expect(JSON.stringify(elsewhere)).toContain(CANARY);
    },
  );
});
