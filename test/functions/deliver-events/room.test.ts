import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Room } from "../../../functions/deliver-events/room.ts";

/** Runs tasks that each take a turn of the event loop. @returns the order in which they began, and the most at once. */
async function order(room: Room, tasks: readonly { readonly name: string; readonly isDue?: boolean }[]) {
  const began: string[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    tasks.map(({ name, isDue = false }) =>
      room.run(
        async () => {
          began.push(name);
          running++;
          most = Math.max(most, running);
          await setImmediate();
          running--;
        },
        { isDue },
      ),
    ),
  );
  return { began, most };
}

describe("room for calls", () => {
  it("is for so many at once, in their order", async () => {
    const names = ["a", "b", "c", "d", "e"];

    const { began, most } = await order(
      new Room(2),
      names.map((name) => ({ name })),
    );

    expect({ began, most }).toEqual({ began: names, most: 2 });
  });

  it("goes to what is due before what can wait", async () => {
    const tasks = [{ name: "first" }, { name: "can wait" }, { name: "due", isDue: true }];

    const { began } = await order(new Room(1), tasks);

    expect(began).toEqual(["first", "due", "can wait"]);
  });

  it("is free again after a task that failed", async () => {
    const room = new Room(1);
    const failed = room.run(() => Promise.reject(new Error("no")));
    const next = room.run(async () => "next");

    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe("next");
    expect(await room.run(async () => "and next")).toBe("and next");
  });
});
