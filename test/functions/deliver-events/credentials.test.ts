import { describe, expect, it } from "vitest";
import { feed, message, record, track } from "../../support/builders.ts";
import { DeliverWorld, keyOf } from "../../support/deliver-world.ts";
import {
  type SeenRequest,
  TAKEN_YET_UNAVAILABLE,
  THROTTLED,
  UNAUTHORIZED,
} from "../../support/fake-mparticle.ts";

const FORBIDDEN = { kind: "unauthorized", status: 403 } as const;

/** Refuses a version of the secret. */
const refusing =
  (...versions: string[]) =>
  ({ apiSecret }: SeenRequest) =>
    versions.includes(apiSecret.replace("secret ", "")) ? UNAUTHORIZED : undefined;

/** So many users' events, of which each feed limit makes one request. */
const manyRequests = (count: number) =>
  message(Array.from({ length: count }, (_, i) => track({ messageId: `e${i}`, userId: `u-${i}` })));

/** A tenant whose every event is a request of its own. */
const oneEventARequest = () => [feed({ limits: { eventsPerRequest: 1 } })];

describe("refused credentials", () => {
  it.each([UNAUTHORIZED, FORBIDDEN])(
    "are read again after a $status, and the same request goes out with the new ones",
    async (refusal) => {
      const world = new DeliverWorld();
      world.credentials.newer.set("acme/default", keyOf("acme", "default", "v2"));
      world.mparticle.answer(refusal);

      const { records, counted } = await world.deliver(record(message([track()])));

      expect(records).toEqual(["done"]);
      expect(counted).toMatchObject({ delivered: 1, held: {} });
      const [first, second] = world.mparticle.requests;
      expect([first?.apiSecret, second?.apiSecret]).toEqual(["secret v1", "secret v2"]);
      expect(second?.body).toBe(first?.body);
      expect(world.credentials.rereads).toBe(1);
      expect(world.tenants.notes).toEqual([]);
    },
  );

  it("hold the events and mark the feed when the new ones are refused too", async () => {
    const world = new DeliverWorld();
    world.credentials.newer.set("acme/default", keyOf("acme", "default", "v2"));
    world.mparticle.respond = refusing("v1", "v2");
    const event = track();

    const { records, counted, reports } = await world.deliver(record(message([event])));

    expect(records).toEqual(["done"]);
    expect(counted).toMatchObject({ delivered: 0, held: { credentials_refused: 1 } });
    expect(world.mparticle.requests).toHaveLength(2);
    expect(world.tenants.notes).toEqual(["acme/default refused v2"]);
    expect(world.parkedLines).toMatchObject([
      { ending: "held", tenantId: "acme", feedId: "default", content: { event } },
    ]);
    expect(reports).toMatchObject([{ credentialsRefused: 1 }]);
  });

  it("are tried once more when there are no newer ones, then hold the events", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = refusing("v1");

    const { counted } = await world.deliver(record(message([track()])));

    expect(counted.held).toEqual({ credentials_refused: 1 });
    expect(world.mparticle.requests).toHaveLength(2);
    expect(world.credentials.rereads).toBe(1);
    expect(world.tenants.notes).toEqual(["acme/default refused v1"]);
  });

  it("that were refused by mistake deliver at the second try", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(UNAUTHORIZED);

    const { counted } = await world.deliver(record(message([track()])));

    expect(counted).toMatchObject({ delivered: 1, held: {} });
    expect(world.tenants.notes).toEqual([]);
  });

  it("are read again once for all requests in flight", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 4 });
    world.addTenant("acme", oneEventARequest());
    world.credentials.newer.set("acme/default", keyOf("acme", "default", "v2"));
    world.mparticle.respond = refusing("v1");

    const { counted } = await world.deliver(record(manyRequests(12)));

    expect(counted.delivered).toBe(12);
    expect(world.credentials.rereads).toBe(1);
    expect(world.mparticle.requests.filter(({ apiSecret }) => apiSecret === "secret v1")).toHaveLength(4);
    expect(world.mparticle.taken.size).toBe(12);
  });

  it("hold everything of the feed, sent or not, and mark it once", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 4 });
    world.addTenant("acme", oneEventARequest());
    world.credentials.newer.set("acme/default", keyOf("acme", "default", "v2"));
    world.mparticle.respond = refusing("v1", "v2");

    const { counted, reports } = await world.deliver(record(manyRequests(12)));

    expect(counted.held).toEqual({ credentials_refused: 12 });
    expect(world.mparticle.requests).toHaveLength(8);
    expect(world.tenants.notes).toEqual(["acme/default refused v2"]);
    expect(reports).toMatchObject([{ credentialsRefused: 1 }]);
  });

  it("of one feed leave the tenant's other feed and other tenants alone", async () => {
    const world = new DeliverWorld();
    world.addTenant("acme", [feed(), feed({ feedId: "ios" })]);
    world.addTenant("bolt");
    world.mparticle.respond = ({ apiKey }) => (apiKey === "key of acme/ios" ? UNAUTHORIZED : undefined);

    const { counted } = await world.deliver(
      record(message([track()], { feedId: "ios" })),
      record(message([track({ messageId: "a" })])),
      record(message([track({ messageId: "b" })], { tenantId: "bolt" })),
    );

    expect(counted).toMatchObject({ delivered: 2, held: { credentials_refused: 1 } });
    expect(world.mparticle.takenIds).toEqual(["a", "b"]);
  });

  it("send the records back when the secret cannot be read again", async () => {
    const world = new DeliverWorld();
    world.mparticle.respond = () => {
      world.credentials.isDown = () => true;
      return UNAUTHORIZED;
    };

    const { records, counted } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["returned"]);
    expect(counted.held).toEqual({});
    expect(world.tenants.notes).toEqual([]);
  });

  it("hold the events although the feed cannot be marked", async () => {
    const world = new DeliverWorld();
    world.tenants.credentialsRefused = () => Promise.reject(new Error("no table"));
    world.mparticle.respond = refusing("v1");

    const { records, counted } = await world.deliver(record(message([track()])));

    expect(records).toEqual(["done"]);
    expect(counted.held).toEqual({ credentials_refused: 1 });
  });

  it("hold what mParticle may have taken as it was built", async () => {
    const world = new DeliverWorld();
    world.mparticle.answer(TAKEN_YET_UNAVAILABLE, UNAUTHORIZED, UNAUTHORIZED);

    const { counted } = await world.deliver(record(message([track(), track()])));

    const [sent] = world.mparticle.requests;
    expect(counted.held).toEqual({ credentials_refused: 2 });
    expect(world.parkedLines).toMatchObject([
      { ending: "held", events: 2, content: { batch: sent?.body.slice(1, -1) } },
    ]);
  });

  it("are not tried again while the feed is throttled: its events go back", async () => {
    const world = new DeliverWorld({ maxConcurrentRequestsPerFeed: 2 });
    world.addTenant("acme", oneEventARequest());
    world.mparticle.answer(THROTTLED, UNAUTHORIZED);

    const { records, counted } = await world.deliver(record(manyRequests(2)));

    expect(counted.held).toEqual({});
    expect(records).toEqual(["returned"]);
    expect(world.mparticle.requests).toHaveLength(2);
  });
});
