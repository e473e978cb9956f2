import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimKey, claimPlace, KeySearch, packKeys, unpackKeys } from "../../shared/core/claims/claim-key.ts";
import { type End, judge, ownerName } from "../../shared/core/claims/judge.ts";
import { NOW_MS } from "../support/builders.ts";

const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });

describe("the keys of messages", () => {
  it("come out of their packed form as they went in", () => {
    fc.assert(
      fc.property(ids, (messageIds) => {
        const keys = messageIds.map(claimKey);

        expect(unpackKeys(packKeys(keys))).toEqual(keys);
      }),
    );
  });

  it("are found among others, and no others are", () => {
    fc.assert(
      fc.property(ids, ids, (wanted, packed) => {
        const search = new KeySearch(wanted.map(claimKey));

        const found = search.foundIn(packKeys(packed.map(claimKey)));

        expect(found).toEqual(packed.filter((id) => wanted.includes(id)).map(claimKey));
      }),
    );
  });

  it("are told apart by more than their beginning", () => {
    const search = new KeySearch(["same-head"]);

    expect(search.foundIn(packKeys(["same-tail", "same-head", "s\u{e9}m\u{ff}-heaD"]))).toEqual([
      "same-head",
    ]);
  });
});

describe("the place of a claim", () => {
  it("is that of the message's second, in one of four parts", () => {
    const keys = Array.from({ length: 200 }, (_, i) => claimKey(`m-${i}`));

    const places = new Set(keys.map((key, i) => claimPlace(key, NOW_MS + i)));

    const second = NOW_MS / 1000;
    expect(places).toEqual(new Set([0, 1, 2, 3].map((shard) => `${second}#${shard}`)));
  });
});

describe("a message", () => {
  const alive = ownerName(NOW_MS + 10_000, "x1");
  const longer = ownerName(NOW_MS + 20_000, "x2");
  const dead = ownerName(NOW_MS - 5_000, "x3");
  const unread = ownerName(NOW_MS + 20_000, "x4");
  const deadUnread = ownerName(NOW_MS - 50_000, "x5");
  const ends = new Map<string, End>([
    ["kept it", new Set()],
    ["gave it back", new Set(["m"])],
    [unread, "unread"],
    [deadUnread, "unread"],
  ]);
  const mine = { kind: "mine" };
  const done = { kind: "done" };

  it.each([
    ["nobody claimed before", [], mine],
    ["was given back", ["gave it back"], mine],
    ["was with an owner that died", [dead], mine],
    ["was given back, and then with one that died", ["gave it back", dead], mine],
    ["an owner came to its end with", ["kept it"], done],
    ["an owner came to its end with while others wait for it", [alive, "gave it back", "kept it"], done],
    ["an owner may be at work on", [dead, alive], { kind: "busy", untilMs: NOW_MS + 15_000 }],
    ["may have come to an end", [unread], { kind: "busy", untilMs: NOW_MS + 25_000 }],
    ["may have come to an end long ago", [deadUnread], { kind: "busy", untilMs: NOW_MS + 10_000 }],
    ["several may be at work on", [longer, alive], { kind: "busy", untilMs: NOW_MS + 25_000 }],
  ])("that %s is judged so", (_, earlier, verdict) => {
    expect(judge("m", earlier, ends, NOW_MS)).toEqual(verdict);
  });

  it("is still busy in the last moment in which its owner may be heard of", () => {
    const owner = ownerName(NOW_MS - 4_999, "x1");

    expect(judge("m", [owner], ends, NOW_MS)).toEqual({ kind: "busy", untilMs: NOW_MS + 1 });
  });
});
