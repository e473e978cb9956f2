import { describe, expect, test } from "vitest";
import { drawFault, drawLatencyMs, parseFaults } from "../../../local/stand-in/faults.ts";
import type { RequestLine } from "../../../local/stand-in/request-line.ts";
import { batch, CUSTOM, CUSTOM_LIVE, PARTNER, post, standIn } from "./support.ts";

describe("a specification", () => {
  test("gives each fault its share", () => {
    const faults = parseFaults("429:0.1, 429-bare:.05,503:0.25,500-after:0.01");

    expect(faults).toEqual({
      shares: [
        { fault: { kind: "status", status: 429, written: false, bare: false }, share: 0.1 },
        { fault: { kind: "status", status: 429, written: false, bare: true }, share: 0.05 },
        { fault: { kind: "status", status: 503, written: false, bare: false }, share: 0.25 },
        { fault: { kind: "status", status: 500, written: true, bare: false }, share: 0.01 },
      ],
      latencyMs: [0, 0],
    });
  });

  test.each(["reset", "timeout"])("divides %s evenly between before and after the write", (kind) => {
    const faults = parseFaults(`${kind}:0.5,${kind}-before:0.1,${kind}-after:0.2`);

    expect(faults.shares).toEqual([
      { fault: { kind, written: false }, share: 0.25 },
      { fault: { kind, written: true }, share: 0.25 },
      { fault: { kind, written: false }, share: 0.1 },
      { fault: { kind, written: true }, share: 0.2 },
    ]);
  });

  test.each([
    ["latency:200", [200, 200]],
    ["latency:200-800", [200, 800]],
  ])("reads %s", (spec, latencyMs) => {
    expect(parseFaults(spec)).toEqual({ shares: [], latencyMs });
  });

  test("says how long an injected 429 asks to wait", () => {
    expect(parseFaults("retry-after:120")).toEqual({ shares: [], latencyMs: [0, 0], retryAfterSeconds: 120 });
  });

  test("may add up to 1 in decimal fractions", () => {
    const spec = "400:0.1,401:0.1,403:0.1,408:0.1,413:0.1,429:0.1,500:0.1,502:0.1,503:0.1,504:0.1";

    expect(parseFaults(spec).shares).toHaveLength(10);
  });

  test.each([
    ["", '""'],
    ["429:0.1,", '""'],
    ["429", '"429"'],
    ["429:", '"429:"'],
    ["429:0.1:0.2", '"429:0.1:0.2"'],
    ["429:0.1,418:0.1", '"418:0.1"'],
    ["429-after:0.1", '"429-after:0.1"'],
    ["503:1.1", '"503:1.1"'],
    ["503:-0.1", '"503:-0.1"'],
    ["503:ten", '"503:ten"'],
    ["503:1e-1", '"503:1e-1"'],
    ["503:0.1,503:0.1", '"503:0.1"'],
    ["latency:fast", '"latency:fast"'],
    ["latency:800-200", '"latency:800-200"'],
    ["retry-after:soon", '"retry-after:soon"'],
    ["429:0.6,503:0.6", '"429:0.6,503:0.6"'],
  ])("%j is refused in one line that names the part", (spec, part) => {
    expect(() => parseFaults(spec)).toThrow(new RegExp(`^Faults? ${part}[^\n]*\\.$`));
  });
});

describe("drawing", () => {
  const faults = parseFaults("429:0.1,503:0.2,latency:100-300");

  test.each([
    [0, 429],
    [0.0999, 429],
    [0.11, 503],
    [0.2999, 503],
    [0.31, undefined],
    [0.9999, undefined],
  ])("%d meets %s", (draw, status) => {
    const fault = drawFault(faults, () => draw);

    expect(fault?.kind === "status" ? fault.status : undefined).toBe(status);
  });

  test.each([
    [0, 100],
    [0.5, 200],
  ])("%d waits %i ms", (draw, ms) => {
    expect(drawLatencyMs(faults, () => draw)).toBe(ms);
  });
});

describe("an injected status", () => {
  test.each([
    ["400:1", 400, 0],
    ["429:1", 429, 0],
    ["500:1", 500, 0],
    ["503:1", 503, 0],
    ["500-after:1", 500, 1],
    ["503-after:1", 503, 1],
    ["408-after:1", 408, 1],
  ])("%s answers %i and takes %i batches", async (spec, status, taken) => {
    const server = await standIn({ faults: parseFaults(spec) });

    const answer = await post(server, [batch()]);

    expect(answer.status).toBe(status);
    expect(server.counts().total.batchesTaken).toBe(taken);
  });

  test.each([
    ["429:1", "1", '"feed"'],
    ["429-bare:1", null, null],
  ])("%s has the headers %s and %s", async (spec, retryAfter, exceeded) => {
    const server = await standIn({ faults: parseFaults(spec) });

    const { headers } = await post(server, [batch()]);

    expect(headers.get("Retry-After")).toBe(retryAfter);
    expect(headers.get("X-mp-rate-limit-exceeded")).toBe(exceeded);
  });

  test("spares requests that are not let in", async () => {
    const server = await standIn({ faults: parseFaults("503:1") });

    const answer = await post(server, [batch()], { headers: {} });

    expect(answer.status).toBe(401);
  });

  test("hits by chance, and no more once faults are taken away", async () => {
    const draws = [0.05, 0.95];
    const server = await standIn({ faults: parseFaults("503:0.1"), random: () => draws.shift() ?? 0 });

    const first = await post(server, [batch()]);
    const second = await post(server, [batch()]);
    server.setFaults(parseFaults("503:0"));
    const third = await post(server, [batch()]);

    expect([first, second, third].map(({ status }) => status)).toEqual([503, 202, 202]);
  });
});

describe("a reset", () => {
  test.each([
    ["reset-before:1", 0],
    ["reset-after:1", 1],
  ])("%s ends the connection without an answer, %i batches taken", async (spec, taken) => {
    const lines: RequestLine[] = [];
    const server = await standIn({ faults: parseFaults(spec), onRequest: (line) => lines.push(line) });

    await expect(post(server, [batch()])).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });

    expect(server.counts()).toMatchObject({
      requests: { total: 1, byResult: { reset: 1 } },
      total: { batchesTaken: taken },
    });
    expect(server.counts().feeds.get(PARTNER.apiKey)?.requests).toEqual({ reset: 1 });
    expect(lines.map(({ status }) => status)).toEqual([0]);
  });

  test("after the write is healed by sending the same batch again", async () => {
    const server = await standIn({ faults: parseFaults("reset-after:1") });
    const same = batch();

    await post(server, [same]).catch(() => "reset");
    server.setFaults(parseFaults("reset:0"));
    const again = await post(server, [same]);

    expect(again.status).toBe(202);
    expect(server.counts()).toMatchObject({
      duplicates: 0,
      total: { batchesTaken: 1, batchesDeduplicated: 1 },
    });
  });
});

describe("a drop", () => {
  test("hides behind a 202", async () => {
    const server = await standIn({ faults: parseFaults("drop:1") });

    const answer = await post(server, [batch(), batch()]);

    expect(answer.status).toBe(202);
    expect(server.counts().total).toMatchObject({
      batchesTaken: 0,
      batchesDropped: 2,
      eventsDropped: 2,
      dropReasons: { injected: 2 },
    });
  });
});

describe("an injected 429", () => {
  test("asks for the given time", async () => {
    const server = await standIn({ faults: parseFaults("429:1,retry-after:120") });

    const { status, headers } = await post(server, [batch()]);

    expect([status, headers.get("retry-after")]).toEqual([429, "120"]);
  });
});

describe("faults of one feed", () => {
  test("take the place of everyone's", async () => {
    const server = await standIn({ faults: parseFaults("503:1") });

    server.setFaults(parseFaults("500:1"), PARTNER.apiKey);
    const own = await post(server, [batch()]);
    const others = await post(server, [batch()], { path: CUSTOM_LIVE, feed: CUSTOM });

    expect([own.status, others.status]).toEqual([500, 503]);
  });
});

describe("a timeout", () => {
  test.each([
    ["timeout-before:1", 0],
    ["timeout-after:1", 1],
  ])("%s never answers, %i batches taken, and closing ends the connection", async (spec, taken) => {
    const { promise: judged, resolve } = Promise.withResolvers<RequestLine>();
    const server = await standIn({ faults: parseFaults(spec), onRequest: resolve });

    const answer = post(server, [batch()]).then(
      () => "answered",
      () => "ended",
    );
    await judged;
    const counts = server.counts();
    await server.close();

    expect(await answer).toBe("ended");
    expect(counts).toMatchObject({ requests: { byResult: { timeout: 1 } }, total: { batchesTaken: taken } });
  });
});

describe("latency", () => {
  test("delays the answer and takes nothing away", async () => {
    const server = await standIn({ faults: parseFaults("latency:1-5") });

    const answer = await post(server, [batch()]);

    expect(answer.status).toBe(202);
    expect(server.counts().total.batchesTaken).toBe(1);
  });

  test("does not keep a closing server open", async () => {
    const { promise: drawn, resolve } = Promise.withResolvers<void>();
    const random = () => {
      resolve();
      return 0;
    };
    const server = await standIn({ faults: parseFaults("latency:600000-600001"), random });

    const answer = post(server, [batch()]).then(
      () => "answered",
      () => "ended",
    );
    await drawn;
    await server.close();

    expect(await answer).toBe("ended");
    expect(server.counts().total.batchesTaken).toBe(0);
  });
});
