import { expect, test } from "vitest";
import { changeRecord, untilUncontested } from "../../shared/onboarding/change-record.ts";

interface Kept {
  readonly count: number;
  readonly createdAt?: string | undefined;
  readonly updatedAt?: string;
  readonly revision?: string;
}

const deps = { clock: { nowMs: () => Date.UTC(2026, 10, 20) }, randomText: () => "random" };
const NOW = "2026-11-20T00:00:00.000Z";

/** A record that somebody else adds 10 to, before each of the first writes. */
function contested(times: number, stored: Kept | undefined) {
  const store = { kept: stored, notes: [] as string[] };
  let others = times;
  const change = {
    read: async () => store.kept,
    save: async (next: Kept, before: Kept | undefined) => {
      if (others-- > 0) store.kept = { ...store.kept, count: (store.kept?.count ?? 0) + 10 };
      if (store.kept !== before) return false;
      store.kept = next;
      return true;
    },
    note: async (action: string) => {
      store.notes.push(action);
    },
  };
  return { store, change };
}

test("decides anew from what somebody else wrote, and notes each time before it writes", async () => {
  const { store, change } = contested(2, { count: 1, createdAt: "long ago" });

  const { record, before } = await changeRecord<Kept>(
    { ...change, decide: (kept) => ({ next: { count: (kept?.count ?? 0) + 1 }, action: "feed_updated" }) },
    deps,
  );

  expect(record).toEqual({ count: 22, revision: "random", updatedAt: NOW, createdAt: "long ago" });
  expect(before).toEqual({ count: 21, createdAt: "long ago" });
  expect(store.kept).toBe(record);
  expect(store.notes).toEqual(["feed_updated", "feed_updated", "feed_updated"]);
});

test("dates what it creates", async () => {
  const { change } = contested(0, undefined);

  const { record, before } = await changeRecord<Kept>(
    { ...change, decide: () => ({ next: { count: 1 } }) },
    deps,
  );

  expect(record).toEqual({ count: 1, revision: "random", updatedAt: NOW, createdAt: NOW });
  expect(before).toBeUndefined();
});

test("writes and notes nothing where nothing is to be changed", async () => {
  const { store, change } = contested(0, { count: 1 });

  const { record, before } = await changeRecord<Kept>({ ...change, decide: () => undefined }, deps);

  expect(record).toBe(before);
  expect(store).toEqual({ kept: { count: 1 }, notes: [] });
});

test("gives up after five attempts, and says so", async () => {
  let attempts = 0;
  const always = async () => {
    attempts++;
    return false as const;
  };

  await expect(untilUncontested(always)).rejects.toMatchObject({ name: "ProblemError", code: "conflict" });
  expect(attempts).toBe(5);
});
