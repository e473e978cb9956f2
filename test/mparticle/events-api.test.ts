import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { HttpEventsApi } from "../../shared/mparticle/events-api.ts";
import type { EventsApiRequest } from "../../shared/ports.ts";
import { NOW_MS } from "../support/builders.ts";

interface SeenPost {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly socket: Socket;
}

type Reply = (response: http.ServerResponse, request: SeenPost) => void;

/** A real server on the loopback interface and a client that speaks to it; both are gone after the test. */
async function serve(reply: Reply, { maxSockets = 4 } = {}) {
  const seen: SeenPost[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers, socket } = request;
      const post = { method, url, headers, body: Buffer.concat(chunks), socket };
      seen.push(post);
      reply(response, post);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const api = new HttpEventsApi({
    partnerUrl: new URL(`http://127.0.0.1:${port}/s2s/v2`),
    maxSockets,
    clock: { nowMs: () => NOW_MS },
  });
  onTestFinished(async () => {
    api.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const post = (over: Partial<EventsApiRequest> = {}) =>
    api.post({
      feed: { kind: "partner", pod: "us1" },
      route: "live",
      credentials: { apiKey: "key", apiSecret: "secret" },
      body: Buffer.from("[]"),
      timeoutMs: 10_000,
      ...over,
    });
  return { api, post, seen, port, server };
}

const answer =
  (status: number, headers: http.OutgoingHttpHeaders = {}, body = ""): Reply =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

describe("posting to mParticle", () => {
  it.each([
    { kind: "partner", route: "live", url: "/s2s/v2/bulkevents" },
    { kind: "partner", route: "historical", url: "/s2s/v2/bulkevents/historical" },
    { kind: "custom", route: "live", url: "/v2/bulkevents" },
    { kind: "custom", route: "historical", url: "/v2/bulkevents/historical" },
  ] as const)("sends a $kind feed's $route batches to $url", async ({ kind, route, url }) => {
    const { post, seen } = await serve(answer(202));

    await post({ feed: { kind, pod: "eu1" }, route });

    expect(seen).toMatchObject([{ method: "POST", url }]);
  });

  it("sends the bytes as they are, as JSON of a stated length", async () => {
    const { post, seen } = await serve(answer(202));
    const body = Buffer.from('[{"note":"å 😀 \u2028"}]');

    await post({ body });

    const [sent] = seen;
    expect(sent?.body.equals(body)).toBe(true);
    expect(sent?.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(body.length),
    });
  });

  it("names the feed by HTTP Basic, whatever its key and secret hold", async () => {
    const { post, seen } = await serve(answer(202));

    await post({ credentials: { apiKey: "us1-ä", apiSecret: "s:e c\"r'et" } });

    const [scheme, encoded = ""] = seen[0]?.headers.authorization?.split(" ") ?? [];
    expect(scheme).toBe("Basic");
    expect(Buffer.from(encoded, "base64").toString("utf8")).toBe("us1-ä:s:e c\"r'et");
  });

  it("keeps its connection for the next request", async () => {
    const { post, seen } = await serve(answer(202, {}, "an answer with a body"));

    for (let i = 0; i < 3; i++) await post();

    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(1);
  });

  it("opens no more connections than it may", async () => {
    const { post, seen } = await serve(
      (response) => {
        setImmediate(() => response.writeHead(202).end());
      },
      { maxSockets: 2 },
    );

    await Promise.all(Array.from({ length: 8 }, () => post()));

    expect(seen).toHaveLength(8);
    expect(new Set(seen.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
  });

  it.each([
    { reply: answer(202), outcome: { kind: "accepted" } },
    {
      reply: answer(202, { "X-mp-rate-limit-percentage-used": "37.5" }),
      outcome: { kind: "accepted", limitUsedPercent: 37.5 },
    },
    { reply: answer(429), outcome: { kind: "throttled" } },
    {
      reply: answer(429, { "Retry-After": "12", "X-mp-rate-limit-exceeded": '"feed"' }),
      outcome: { kind: "throttled", retryAfterSeconds: 12, scope: "feed" },
    },
    {
      reply: answer(429, { "Retry-After": new Date(NOW_MS + 90_000).toUTCString() }),
      outcome: { kind: "throttled", retryAfterSeconds: 90 },
    },
    { reply: answer(401), outcome: { kind: "unauthorized", status: 401 } },
    { reply: answer(403), outcome: { kind: "unauthorized", status: 403 } },
    {
      reply: answer(400, {}, '{"errors":[{"code":"BAD_REQUEST","message":"CANARY"}]}'),
      outcome: { kind: "malformed", status: 400, reason: "status 400: BAD_REQUEST" },
    },
    { reply: answer(413), outcome: { kind: "malformed", status: 413, reason: "status 413" } },
    { reply: answer(404, {}, "<html>"), outcome: { kind: "refused", status: 404, reason: "status 404" } },
    { reply: answer(408), outcome: { kind: "unavailable", reason: "status 408" } },
    { reply: answer(500), outcome: { kind: "unavailable", reason: "status 500" } },
    { reply: answer(503), outcome: { kind: "unavailable", reason: "status 503" } },
  ])("gives an answer's outcome: $outcome", async ({ reply, outcome }) => {
    const { post } = await serve(reply);

    expect(await post()).toEqual(outcome);
  });

  it("follows no redirect, since the request carries a key", async () => {
    const target = await serve(answer(202));
    const { post } = await serve(answer(307, { Location: `http://127.0.0.1:${target.port}/v2/bulkevents` }));

    expect(await post()).toMatchObject({ kind: "refused", status: 307 });
    expect(target.seen).toEqual([]);
  });

  it("gives up an unanswered request at its deadline", async () => {
    const { post } = await serve(() => {});

    expect(await post({ timeoutMs: 60 })).toEqual({ kind: "unavailable", reason: "timeout" });
  });

  it("gives up an answer that trickles in beyond the deadline", async () => {
    const { post } = await serve((response) => {
      response.writeHead(202, { "Content-Length": "1000000" });
      const drip = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(drip));
    });

    expect(await post({ timeoutMs: 100 })).toEqual({ kind: "unavailable", reason: "timeout" });
  });

  it("ends the connection of a request that it gave up", async () => {
    const closed = Promise.withResolvers<void>();
    const { post } = await serve((_, { socket }) => socket.on("close", () => closed.resolve()));

    await post({ timeoutMs: 60 });

    await expect(closed.promise).resolves.toBeUndefined();
  });

  it("takes a connection that is reset instead of answered for unavailable", async () => {
    const { post } = await serve((_, { socket }) => socket.resetAndDestroy());

    expect(await post()).toEqual({ kind: "unavailable", reason: "ECONNRESET" });
  });

  it("takes an answer that breaks off for unavailable, even when it began well", async () => {
    const { post } = await serve((response, { socket }) => {
      response.writeHead(202, { "Content-Length": "100" });
      response.write("half", () => socket.resetAndDestroy());
    });

    expect(await post()).toMatchObject({ kind: "unavailable" });
  });

  it("takes a server that does not listen for unavailable", async () => {
    const { post, server } = await serve(answer(202));
    await new Promise((resolve) => server.close(resolve));

    expect(await post()).toEqual({ kind: "unavailable", reason: "ECONNREFUSED" });
  });

  it("takes what is not HTTP for unavailable", async () => {
    const { post } = await serve((_, { socket }) => {
      socket.end("nonsense\r\n\r\n");
    });

    expect(await post()).toMatchObject({ kind: "unavailable" });
  });

  it("goes on after a failure", async () => {
    let posts = 0;
    const { post } = await serve((response, { socket }) => {
      if (++posts === 1) socket.resetAndDestroy();
      else response.writeHead(202).end();
    });

    expect([(await post()).kind, (await post()).kind]).toEqual(["unavailable", "accepted"]);
  });

  it("reads past a huge answer and keeps the connection", async () => {
    const { post, seen } = await serve((response) => {
      response.writeHead(400).end("x".repeat(5_000_000));
    });

    const outcomes = [await post(), await post()];

    expect(outcomes.map(({ kind }) => kind)).toEqual(["malformed", "malformed"]);
    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(1);
  });

  it("tells no key, secret or answer text in an outcome", async () => {
    const { post } = await serve(
      answer(400, {}, '{"errors":[{"code":"CANARY with words","message":"CANARY"}],"echo":"CANARY"}'),
    );

    const outcome = await post({ credentials: { apiKey: "CANARY", apiSecret: "CANARY" } });

    expect(JSON.stringify(outcome)).not.toContain("CANARY");
  });
});
