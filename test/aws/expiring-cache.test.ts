import { describe, expect, it } from "vitest";
import { ExpiringCache } from "../../shared/aws/expiring-cache.ts";
import { NOW_MS } from "../support/builders.ts";

/** A cache of values that are fresh for a minute, over a source that tests change and fail. */
function cache(staleMs?: number) {
  const clock = { at: NOW_MS, nowMs: () => clock.at };
  const source = { value: "old" as string | undefined, isDown: false, reads: 0 };
  const values = new ExpiringCache<string | undefined>({
    ttlMs: () => 60_000,
    clock,
    ...(staleMs !== undefined && { staleMs }),
  });
  const get = () =>
    values.get("name", async () => {
      source.reads++;
      if (source.isDown) throw new Error("down");
      return source.value;
    });
  return { values, get, clock, source };
}

describe("a value in memory", () => {
  it("is read again when it is no longer fresh", async () => {
    const { get, clock, source } = cache();

    await get();
    source.value = "new";
    clock.at += 59_999;
    expect(await get()).toBe("old");

    clock.at += 1;
    expect(await get()).toBe("new");
    expect(source.reads).toBe(2);
  });

  it("is read once for all that ask at the same time", async () => {
    const { get, source } = cache();

    expect(await Promise.all([get(), get(), get()])).toEqual(["old", "old", "old"]);
    expect(source.reads).toBe(1);
  });

  it("is read again after it was forgotten", async () => {
    const { values, get, source } = cache();
    await get();

    values.forget("name");

    await get();
    expect(source.reads).toBe(2);
    expect(values.ageMs("name")).toBe(0);
  });

  it("does not serve when it is no longer fresh and cannot be read, unless it may", async () => {
    const { get, clock, source } = cache();
    await get();
    clock.at += 60_000;
    source.isDown = true;

    await expect(get()).rejects.toThrow("down");
    source.isDown = false;
    expect(await get()).toBe("old");
  });
});

describe("an old value", () => {
  it("serves while it cannot be read again, with a try every five seconds", async () => {
    const { get, clock, source } = cache(600_000);
    await get();
    source.isDown = true;
    clock.at += 60_000;

    expect(await get()).toBe("old");
    clock.at += 4_999;
    expect(await get()).toBe("old");
    expect(source.reads).toBe(2);

    clock.at += 1;
    expect(await get()).toBe("old");
    expect(source.reads).toBe(3);
  });

  it("makes way for the new one as soon as that can be read", async () => {
    const { get, clock, source } = cache(600_000);
    await get();
    source.isDown = true;
    clock.at += 60_000;
    await get();
    source.isDown = false;
    source.value = "new";
    clock.at += 5_000;

    expect(await get()).toBe("new");
  });

  it("does not serve for ever: its age counts from when it was read", async () => {
    const { get, clock, source } = cache(600_000);
    await get();
    source.isDown = true;
    for (clock.at = NOW_MS + 60_000; clock.at < NOW_MS + 600_000; clock.at += 30_000)
      expect(await get()).toBe("old");

    clock.at = NOW_MS + 600_000;

    await expect(get()).rejects.toThrow("down");
  });

  it("that says that there was none does not serve", async () => {
    const { get, clock, source } = cache(600_000);
    source.value = undefined;
    await get();
    source.isDown = true;
    clock.at += 60_000;

    await expect(get()).rejects.toThrow("down");
  });

  it("serves all that ask at the same time", async () => {
    const { get, clock, source } = cache(600_000);
    await get();
    source.isDown = true;
    clock.at += 60_000;

    expect(await Promise.all([get(), get()])).toEqual(["old", "old"]);
    expect(source.reads).toBe(2);
  });
});
