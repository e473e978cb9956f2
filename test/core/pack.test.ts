import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fewestRequests, type Packable, pack } from "../../shared/core/pack.ts";

const batch = (bytes: number, eventCount = 1): Packable => ({ body: { length: bytes }, eventCount });
const repeat = (count: number, bytes: number) => Array.from({ length: count }, () => batch(bytes));
const bodyBytes = (request: readonly Packable[]) =>
  request.reduce((sum, { body }) => sum + body.length + 1, 1);

describe("pack", () => {
  it("packs nothing into no request", () => {
    expect(pack([])).toEqual([]);
  });

  it.each([
    { count: 100, bytes: 1_000, requests: 1 },
    { count: 101, bytes: 1_000, requests: 2 },
    { count: 250, bytes: 10, requests: 3 },
    // Two brackets and a comma: 249 999 bytes, then 250 001.
    { count: 2, bytes: 124_998, requests: 1 },
    { count: 2, bytes: 124_999, requests: 2 },
  ])("puts $count batches of $bytes bytes into $requests requests", ({ count, bytes, requests }) => {
    expect(pack(repeat(count, bytes))).toHaveLength(requests);
  });

  it("respects a limit on events", () => {
    const requests = pack([batch(10, 60), batch(10, 60), batch(10, 40)], {
      maxBatches: 100,
      maxBytes: 1_000,
      maxEvents: 100,
    });

    expect(
      requests.map((request) => request.reduce((sum, { eventCount }) => sum + eventCount, 0)).sort(),
    ).toEqual([100, 60]);
  });

  it("keeps every batch once and every request within the limits, whatever the sizes", () => {
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 2, max: 3_000 }), fc.integer({ min: 2, max: 125_000 })),
      { maxLength: 600 },
    );

    fc.assert(
      fc.property(sizes, (bytes) => {
        const batches = bytes.map((size) => batch(size));

        const requests = pack(batches);

        expect(new Set(requests.flat())).toEqual(new Set(batches));
        expect(requests.flat()).toHaveLength(batches.length);
        for (const request of requests) {
          expect(request.length).toBeLessThanOrEqual(100);
          expect(bodyBytes(request)).toBeLessThanOrEqual(250_000);
        }
      }),
    );
  });

  it("needs no more requests than the limits demand for batches of ordinary size", () => {
    const sizes = fc.array(fc.integer({ min: 300, max: 6_000 }), { minLength: 1, maxLength: 2_000 });

    fc.assert(
      fc.property(sizes, (bytes) => {
        const batches = bytes.map((size) => batch(size));

        expect(pack(batches).length).toBeLessThanOrEqual(Math.ceil(fewestRequests(batches) * 1.02));
      }),
      { numRuns: 200 },
    );
  });
});
