import { describe, expect, test } from "vitest";
import type { RequestLine } from "../../../local/stand-in/request-line.ts";
import { startStandIn } from "../../../local/stand-in/stand-in.ts";
import {
  basic,
  batch,
  CUSTOM,
  CUSTOM_LIVE,
  HISTORICAL,
  LIVE,
  PARTNER,
  post,
  SINGLE,
  standIn,
} from "./support.ts";

describe("paths", () => {
  test.each([
    [SINGLE, PARTNER, batch()],
    [LIVE, PARTNER, [batch()]],
    [HISTORICAL, PARTNER, [batch()]],
    ["/v2/events", CUSTOM, batch()],
    [CUSTOM_LIVE, CUSTOM, [batch()]],
    ["/v2/bulkevents/historical", CUSTOM, [batch()]],
  ])("%s accepts its kind of feed with 202 and an empty body", async (path, feed, body) => {
    const server = await standIn();

    const answer = await post(server, body, { path, feed });

    expect(answer).toMatchObject({ status: 202, body: "" });
  });

  test.each([
    "/",
    "/v2",
    "/v2/bulkevent",
    "/v2/events/",
    "/s2s/v2/bulkevents/historical/x",
    "/s2s/v1/events",
  ])("%s is not found", async (path) => {
    const server = await standIn();

    const answer = await post(server, [batch()], { path });

    expect(answer.status).toBe(404);
  });

  test.each(["GET", "PUT", "DELETE"])("%s is not allowed", async (method) => {
    const server = await standIn();

    const answer = await fetch(`${server.url}${LIVE}`, {
      method,
      headers: { Authorization: basic(PARTNER) },
    });

    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("POST");
  });
});

describe("authentication", () => {
  test("a request without the header is answered with 401", async () => {
    const server = await standIn();

    const answer = await post(server, [batch()], { headers: {} });

    expect(answer.status).toBe(401);
  });

  test.each([
    ["a wrong secret", basic({ ...PARTNER, apiSecret: "wrong" })],
    ["an unknown key", basic({ ...PARTNER, apiKey: "unknown" })],
    ["no colon", `Basic ${Buffer.from("partner-key").toString("base64")}`],
    ["another scheme", "Bearer partner-key"],
    ["nothing after the scheme", "Basic"],
  ])("%s is answered with 403", async (_, Authorization) => {
    const server = await standIn();

    const answer = await post(server, [batch()], { headers: { Authorization } });

    expect(answer).toMatchObject({ status: 403, body: "" });
    expect(server.counts().total.batchesTaken).toBe(0);
  });

  test("a secret may hold colons and letters beyond ASCII", async () => {
    const feed = { ...PARTNER, apiSecret: "pä:ss" };
    const server = await standIn({ feeds: [feed] });

    const answer = await post(server, [batch()], { feed });

    expect(answer.status).toBe(202);
  });

  test.each([
    [CUSTOM_LIVE, PARTNER],
    [LIVE, CUSTOM],
  ])("%s refuses the other kind of feed with 403", async (path, feed) => {
    const server = await standIn();

    const answer = await post(server, [batch()], { path, feed });

    expect(answer.status).toBe(403);
  });

  test("a feed can be disabled and get a new secret while the server runs, and keeps its counts", async () => {
    const server = await standIn();
    const renewed = { ...PARTNER, apiSecret: "renewed" };
    const before = await post(server, [batch()]);

    server.putFeed({ ...PARTNER, status: "disabled" });
    const disabled = await post(server, [batch()]);
    server.putFeed(renewed);
    const oldSecret = await post(server, [batch()]);
    const newSecret = await post(server, [batch()], { feed: renewed });

    expect([before, disabled, oldSecret, newSecret].map(({ status }) => status)).toEqual([
      202, 403, 403, 202,
    ]);
    expect(server.counts().feeds.get(PARTNER.apiKey)).toMatchObject({
      requests: { "202": 2, "403": 2 },
      live: { batchesTaken: 2 },
    });
  });

  test("a feed that is not among the new ones is refused", async () => {
    const server = await standIn();

    server.setFeeds([CUSTOM]);
    const removed = await post(server, [batch()]);
    const kept = await post(server, [batch()], { path: CUSTOM_LIVE, feed: CUSTOM });

    expect([removed.status, kept.status]).toEqual([403, 202]);
  });
});

describe("the report of a request", () => {
  test("holds what came and how it was answered", async () => {
    const lines: RequestLine[] = [];
    const server = await standIn({ onRequest: (line) => lines.push(line) });
    const body = [batch({ user_attributes: { city: "Åre" } })];

    await post(server, body, { path: `${LIVE}?x=1` });

    const rawBody = JSON.stringify(body);
    expect(lines).toEqual([
      {
        at: expect.any(Number),
        method: "POST",
        path: LIVE,
        status: 202,
        apiKey: PARTNER.apiKey,
        bytes: Buffer.byteLength(rawBody),
        body,
        rawBody,
      },
    ]);
  });

  test("names no key that is not registered, and no secret", async () => {
    const lines: RequestLine[] = [];
    const server = await standIn({ onRequest: (line) => lines.push(line) });

    await post(server, [], { headers: { Authorization: basic({ apiKey: "unknown", apiSecret: "hidden" }) } });
    await post(server, [], { headers: { Authorization: basic({ ...PARTNER, apiSecret: "hidden" }) } });

    expect(lines.map(({ apiKey }) => apiKey)).toEqual([undefined, PARTNER.apiKey]);
    expect(JSON.stringify(lines)).not.toMatch(/unknown|hidden/);
  });
});

describe("a server", () => {
  test("that finds its port taken says so by code", async () => {
    const { port } = await standIn();

    const second = startStandIn({ port, feeds: [] });

    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("can be closed twice", async () => {
    const server = await standIn();

    await server.close();

    await expect(server.close()).resolves.toBeUndefined();
  });

  test("survives a sender that leaves in the middle of its body", async () => {
    const server = await standIn();
    const leaving = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("[")),
      pull: () => leaving.abort(),
    });

    const left = fetch(`${server.url}${LIVE}`, {
      method: "POST",
      headers: { Authorization: basic(PARTNER) },
      body,
      duplex: "half",
      signal: leaving.signal,
    });

    await expect(left).rejects.toThrow();
    expect((await post(server, [batch()])).status).toBe(202);
    expect(server.counts().requests.total).toBe(1);
  });
});
