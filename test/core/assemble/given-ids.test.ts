import { describe, expect, it } from "vitest";
import { feed, track } from "../../support/builders.ts";
import { assembled } from "./support.ts";

const options = { feed: feed({ mapping: { sourceRequestId: "requestId" } }) };
const sourceRequestIds = (events: readonly unknown[]) =>
  assembled(events, options).batches.map(({ batch }) => batch["source_request_id"]);

describe("a source request id that the feed's mapping gives", () => {
  it.each(["req-1", 'quoted "id" of Jørgen 😀', "x".repeat(250)])("is the batch's own: %j", (requestId) => {
    expect(sourceRequestIds([track({ requestId })])).toEqual([requestId]);
  });

  it("keeps events of other ids in other batches, and puts those of one id together", () => {
    const events = ["b", "a", "b"].map((requestId, i) => track({ messageId: `m${i}`, requestId }));

    expect(sourceRequestIds(events)).toEqual(["b", "a"]);
  });

  it("is what the ids of several batches begin with, where one does not hold all", () => {
    const properties = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, "x".repeat(4_000)]));
    const events = ["m1", "m2"].map((messageId) => track({ messageId, requestId: 'r"1', properties }));

    const ids = sourceRequestIds(events);

    expect(ids).toEqual([
      expect.stringMatching(/^r"1\.[\w-]{43}$/),
      expect.stringMatching(/^r"1\.[\w-]{43}$/),
    ]);
    expect(new Set(ids).size).toBe(2);
    expect(sourceRequestIds(events.toReversed())).toEqual(ids);
  });

  it("is what the ids begin with, where several users have it", () => {
    const events = ["u-1", "u-2"].map((userId, i) => track({ messageId: `m${i}`, userId, requestId: "r" }));

    const ids = sourceRequestIds(events);

    expect(ids).toEqual([expect.stringMatching(/^r\.[\w-]{43}$/), expect.stringMatching(/^r\.[\w-]{43}$/)]);
    expect(new Set(ids).size).toBe(2);
    expect(sourceRequestIds(events.toReversed()).toSorted()).toEqual(ids.toSorted());
  });

  it("is made by the connector where the mapping gives none", () => {
    expect(sourceRequestIds([track()])).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });
});
