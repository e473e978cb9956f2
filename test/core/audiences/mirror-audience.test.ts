import { describe, expect, it, test } from "vitest";
import { type Member, mirrorAudience } from "../../../shared/core/audiences/mirror-audience.ts";
import { checkEvent } from "../../../shared/core/validators.ts";

const users = (...ids: readonly string[]): Member[] => ids.map((userId) => ({ userId }));
const mirror = (former: Member[], members: Member[], maxRemovedShare?: number) =>
  mirrorAudience(former, members, {
    audience: "VIP",
    atMs: 1_000,
    ...(maxRemovedShare !== undefined && { maxRemovedShare }),
  });

it("adds who is new and removes who is gone", () => {
  const made = mirror(users("a", "b", "c"), users("c", "d"), 1);

  if (made.kind !== "changes") throw new Error("stopped");
  const event = { type: "audience", audience: "VIP", timestamp: 1_000 };
  expect(made.added).toEqual([{ ...event, action: "add", userId: "d" }]);
  expect(made.removed).toEqual([
    { ...event, action: "remove", userId: "a", timestamp: 999 },
    { ...event, action: "remove", userId: "b", timestamp: 999 },
  ]);
  expect([...made.added, ...made.removed].map(checkEvent)).toEqual([undefined, undefined, undefined]);
});

describe("nobody leaves who is there under another id", () => {
  const email = "ada@example.com";

  test.each<[string, Member, Member, number]>([
    ["gained a user id", { email }, { userId: "a", email: "Ada@Example.com" }, 1],
    ["lost the user id", { userId: "a", email }, { email }, 0],
    ["gained a device", { phone: "1" }, { anonymousId: "x", phone: "1" }, 1],
    ["lost an address", { userId: "a", email }, { userId: "a" }, 0],
  ])("who %s", (_, before, now, added) => {
    const made = mirror([before, { userId: "left" }], [now], 1);

    if (made.kind !== "changes") throw new Error("stopped");
    expect(made.removed.map(({ userId }) => userId)).toEqual(["left"]);
    expect(made.added).toHaveLength(added);
  });

  it("not even by an id in another line of the same user", () => {
    const members = [{ userId: "a", email }, { userId: "a" }];

    expect(mirror([{ email }], members, 0).kind).toBe("changes");
  });
});

it("knows members by their first id, and addresses in any case", () => {
  const former = [{ userId: "a", email: "old@example.com" }, { email: "B@example.com" }, { phone: "1" }];
  const members = [{ userId: "a", email: "new@example.com" }, { email: "b@example.com" }, { phone: "1" }, {}];

  expect(mirror(former, members)).toEqual({ kind: "changes", added: [], removed: [] });
});

describe("the brake", () => {
  test.each([
    { former: 10, left: 2, share: undefined, kind: "changes" },
    { former: 10, left: 3, share: undefined, kind: "stopped" },
    { former: 10, left: 10, share: 1, kind: "changes" },
    { former: 1, left: 1, share: 0.99, kind: "stopped" },
    { former: 5, left: 0, share: 0, kind: "changes" },
    { former: 0, left: 0, share: 0, kind: "changes" },
  ])("$left of $former with $share: $kind", ({ former, left, share, kind }) => {
    const all = users(...Array.from({ length: former }, (_, i) => String(i)));

    expect(mirror(all, all.slice(left), share).kind).toBe(kind);
  });

  it("stops an empty list, and says of how many", () => {
    expect(mirror(users("a", "b"), [])).toEqual({ kind: "stopped", removed: 2, former: 2 });
  });
});
