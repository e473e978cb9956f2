import { describe, expect, test } from "vitest";
import { batch, entries, event, LIVE, post, SINGLE, standIn } from "./support.ts";

const BAD_REQUEST = { errors: [{ code: "BAD_REQUEST", message: expect.any(String) }] };

describe("a request", () => {
  test.each([
    ["malformed JSON", LIVE, "[{"],
    ["an empty body", LIVE, ""],
    ["text that is not UTF-8", LIVE, Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)],
    ["a batch on a bulk path", LIVE, batch()],
    ["null on a bulk path", LIVE, "null"],
    ["an array on the single path", SINGLE, [batch()]],
    ["null on the single path", SINGLE, "null"],
    ["an empty array", LIVE, "[]"],
    ["101 batches", LIVE, Array.from({ length: 101 }, () => batch())],
  ])("with %s is answered with 400", async (_, path, body) => {
    const server = await standIn();

    const answer = await post(server, body, { path });

    expect(answer.status).toBe(400);
    expect(answer.headers.get("Content-Type")).toBe("application/json");
    expect(JSON.parse(answer.body)).toEqual(BAD_REQUEST);
    expect(server.counts().total).toMatchObject({ batchesTaken: 0, batchesDropped: 0 });
  });

  test("with 100 batches is taken", async () => {
    const server = await standIn();

    const answer = await post(
      server,
      Array.from({ length: 100 }, () => batch()),
    );

    expect(answer.status).toBe(202);
    expect(server.counts().total.batchesTaken).toBe(100);
  });

  test.each([
    [255_999, 202],
    [256_000, 413],
    [600_000, 413],
  ])("of %i bytes is answered with %i", async (bytes, status) => {
    const server = await standIn();
    const body = JSON.stringify([batch()]).padEnd(bytes, " ");

    const answer = await post(server, body);

    expect(answer.status).toBe(status);
  });
});

describe("an invalid batch", () => {
  const tooLarge = Object.fromEntries(Array.from({ length: 35 }, (_, i) => [`a${i}`, "x".repeat(4000)]));
  const invalid: [string, string, Record<string, unknown>][] = [
    ["an unknown field", "schema", { schema_version: 2 }],
    ["a wrong type", "schema", { events: {} }],
    ["an unknown event type", "schema", { events: [{ event_type: "track", data: {} }] }],
    ["an ip address that is none", "schema", { ip: "10.0.0.999" }],
    ["101 event attributes", "limit", { events: [event("m", { custom_attributes: entries(101, "x") })] }],
    [
      "an event attribute of 4097 characters",
      "limit",
      { events: [event("m", { custom_attributes: { a: "x".repeat(4097) } })] },
    ],
    ["101 user attributes", "limit", { user_attributes: entries(101, "x") }],
    ["a user attribute of 4097 characters", "limit", { user_attributes: { a: "x".repeat(4097) } }],
    ["a user attribute's name of 257 characters", "limit", { user_attributes: { ["n".repeat(257)]: "x" } }],
    ["a list of 1001 entries", "limit", { user_attributes: { a: Array(1001).fill("x") } }],
    ["a list entry of 513 characters", "limit", { user_attributes: { a: ["x".repeat(513)] } }],
    ["over 128 000 bytes", "limit", { user_attributes: tooLarge }],
    [
      "a commerce event of no kind",
      "commerce_event",
      { events: [{ event_type: "commerce_event", data: {} }] },
    ],
    [
      "a commerce event of two kinds",
      "commerce_event",
      {
        events: [
          {
            event_type: "commerce_event",
            data: {
              product_action: { action: "purchase" },
              promotion_action: { action: "view", promotions: [] },
            },
          },
        ],
      },
    ],
  ];

  test.each(invalid)(
    "with %s is dropped from a bulk request (%s), its neighbours are taken",
    async (_, reason, fields) => {
      const server = await standIn();

      const answer = await post(server, [batch(), batch(fields), batch()]);

      expect(answer.status).toBe(202);
      expect(server.counts().total).toMatchObject({
        batchesTaken: 2,
        batchesDropped: 1,
        dropReasons: { [reason]: 1 },
      });
    },
  );

  test.each(invalid)("with %s is answered with 400 on the single path", async (_, __, fields) => {
    const server = await standIn();

    const answer = await post(server, batch(fields), { path: SINGLE });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual(BAD_REQUEST);
    expect(server.counts().total).toMatchObject({ batchesTaken: 0, batchesDropped: 0 });
  });

  test.each([1, "text", null, []])("that is no object, %j, is dropped from a bulk request", async (value) => {
    const server = await standIn();

    await post(server, [value, batch()]);

    expect(server.counts().total).toMatchObject({ batchesTaken: 1, dropReasons: { schema: 1 } });
  });

  test("fails the whole bulk request when the server is told so", async () => {
    const server = await standIn({ badBatch: "400" });

    const answer = await post(server, [batch(), batch({ schema_version: 2 })]);

    expect(answer.status).toBe(400);
    expect(server.counts().total).toMatchObject({ batchesTaken: 0, batchesDropped: 0 });
  });

  test("is described without any of its values", async () => {
    const server = await standIn();
    const fields = { environment: "private-value", user_identities: { customer_id: "private-value" } };

    const answer = await post(server, batch(fields), { path: SINGLE });

    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain("private-value");
  });
});

describe("a batch at its limits", () => {
  test.each([
    ["100 event attributes", { events: [event("m", { custom_attributes: entries(100, "x") })] }],
    [
      "event attributes of 4096 characters",
      { events: [event("m", { custom_attributes: { a: "x".repeat(4096) } })] },
    ],
    ["100 user attributes", { user_attributes: entries(100, "x") }],
    ["a list of 1000 entries", { user_attributes: { a: Array(1000).fill("x") } }],
    ["a list entry of 512 characters", { user_attributes: { a: ["x".repeat(512)] } }],
    ["no events", { events: null }],
  ])("(%s) is taken", async (_, fields) => {
    const server = await standIn();

    await post(server, [batch(fields)]);

    expect(server.counts().total).toMatchObject({ batchesTaken: 1, violations: {} });
  });

  test("has the over-long names of events and their attributes cut, which makes equal ones one", async () => {
    const server = await standIn();
    const long = "n".repeat(256);
    const custom_attributes = { ...entries(99, "x"), [`${long}1`]: "x", [`${long}2`]: "x" };

    await post(server, [batch({ events: [event("m", { event_name: `${long}!`, custom_attributes })] })]);

    expect(server.counts().total).toMatchObject({ batchesTaken: 1, violations: { name_cut: 3 } });
  });
});
