import { describe, expect, test } from "vitest";
import { Throttle } from "../../../local/stand-in/throttle.ts";
import { batch, CUSTOM, CUSTOM_LIVE, NOW_MS, PARTNER, post, standIn } from "./support.ts";

const batches = (count: number) => Array.from({ length: count }, () => batch());

describe("on the wire", () => {
  test("a success tells the percentage of the limit in use", async () => {
    const server = await standIn({ batchesPerSecond: 40 });

    const first = await post(server, batches(10));
    const second = await post(server, batches(20));

    const used = [first, second].map(({ headers }) => headers.get("X-mp-rate-limit-percentage-used"));
    expect(used).toEqual(["25", "75"]);
  });

  test("over the limit nothing is taken, and the answer names the limit and a whole number of seconds", async () => {
    const server = await standIn({ batchesPerSecond: 10 });

    await post(server, batches(10));
    const answer = await post(server, batches(1));

    expect(answer).toMatchObject({ status: 429, body: "" });
    expect(answer.headers.get("Retry-After")).toBe("1");
    expect(answer.headers.get("X-mp-rate-limit-exceeded")).toBe('"feed"');
    expect(answer.headers.get("X-mp-rate-limit-percentage-used")).toBeNull();
    expect(server.counts().total.batchesTaken).toBe(10);
  });

  test("a second later there is room again, on a clock of its own", async () => {
    let monotonicMs = 0;
    const server = await standIn({
      batchesPerSecond: 10,
      clock: { nowMs: () => NOW_MS, monotonicMs: () => monotonicMs },
    });

    await post(server, batches(10));
    monotonicMs += 1000;
    const answer = await post(server, batches(10));

    expect(answer.status).toBe(202);
  });

  test("one feed's use is not another's", async () => {
    const server = await standIn({ batchesPerSecond: 1 });

    await post(server, batches(1));
    const other = await post(server, batches(1), { path: CUSTOM_LIVE, feed: CUSTOM });

    expect(other.status).toBe(202);
  });

  test("a new limit begins with an empty window", async () => {
    const server = await standIn({ batchesPerSecond: 1 });

    await post(server, batches(1));
    server.setLimit(4);
    const answer = await post(server, batches(2));

    expect(answer.status).toBe(202);
    expect(answer.headers.get("X-mp-rate-limit-percentage-used")).toBe("50");
  });

  test("growing too fast is named as such", async () => {
    const server = await standIn({ acceleration: { share: 0.5, restBatches: 2 } });

    await post(server, batches(2));
    const answer = await post(server, batches(1));

    expect(answer.status).toBe(429);
    expect(answer.headers.get("X-mp-rate-limit-exceeded")).toBe('"acceleration"');
    expect(answer.headers.get("Retry-After")).toBe("10");
    expect(server.counts().feeds.get(PARTNER.apiKey)?.requests).toEqual({ "202": 1, "429": 1 });
  });
});

describe("speed", () => {
  test("is counted over the second before, at every moment", () => {
    const throttle = new Throttle(10);

    const answers = [
      throttle.admit(6, 0),
      throttle.admit(4, 500),
      throttle.admit(1, 999),
      throttle.admit(3, 1000),
      throttle.admit(4, 1400),
    ];

    expect(answers).toEqual([
      { usedPercent: 60 },
      { usedPercent: 100 },
      { scope: "feed", retryAfterMs: 1 },
      { usedPercent: 70 },
      { scope: "feed", retryAfterMs: 100 },
    ]);
  });

  test("admits a request larger than the limit into an empty window, for as long as it is worth", () => {
    const throttle = new Throttle(10);

    const answers = [
      throttle.admit(1, 0),
      throttle.admit(25, 0),
      throttle.admit(25, 1000),
      throttle.admit(1, 2000),
      throttle.admit(10, 3500),
    ];

    expect(answers).toEqual([
      { usedPercent: 10 },
      { scope: "feed", retryAfterMs: 1000 },
      { usedPercent: 100 },
      { scope: "feed", retryAfterMs: 1500 },
      { usedPercent: 100 },
    ]);
  });

  test("works below one batch a second", () => {
    const throttle = new Throttle(0.5);

    const answers = [throttle.admit(1, 0), throttle.admit(1, 1500), throttle.admit(1, 2000)];

    expect(answers).toEqual([
      { usedPercent: 100 },
      { scope: "feed", retryAfterMs: 500 },
      { usedPercent: 100 },
    ]);
  });
});

describe("acceleration", () => {
  const limit = { share: 0.5, intervalMs: 1000, restBatches: 10 };

  test("an interval takes the one before it plus the share", () => {
    const throttle = new Throttle(1000, limit);

    const answers = [
      throttle.admit(10, 0),
      throttle.admit(1, 400),
      throttle.admit(15, 1000),
      throttle.admit(1, 1400),
      throttle.admit(22, 2000),
    ];

    expect(answers).toEqual([
      { usedPercent: 100 },
      { scope: "acceleration", retryAfterMs: 600 },
      { usedPercent: 100 },
      { scope: "acceleration", retryAfterMs: 600 },
      { usedPercent: (100 * 22) / 22.5 },
    ]);
  });

  test("a pause starts the ramp again", () => {
    const throttle = new Throttle(1000, limit);

    const answers = [
      throttle.admit(10, 0),
      throttle.admit(15, 1000),
      throttle.admit(9, 3000),
      throttle.admit(2, 3001),
    ];

    expect(answers.slice(2)).toEqual([{ usedPercent: 90 }, { scope: "acceleration", retryAfterMs: 999 }]);
  });

  test("the first request of an interval passes whatever its size", () => {
    const throttle = new Throttle(1000, limit);

    const answers = [throttle.admit(100, 0), throttle.admit(1, 1)];

    expect(answers).toEqual([{ usedPercent: 100 }, { scope: "acceleration", retryAfterMs: 999 }]);
  });

  test("a request that it refuses uses up no speed", () => {
    const throttle = new Throttle(10, limit);

    throttle.admit(10, 0);
    throttle.admit(5, 999);

    expect(throttle.admit(10, 1000)).toEqual({ usedPercent: 100 });
  });
});
