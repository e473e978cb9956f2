import { describe, expect, it } from "vitest";
import { IN_FLIGHT_CAP, SimQueue } from "../../../local/simulate/queue.ts";
import { VirtualClock } from "../../../local/simulate/virtual-clock.ts";

function queue(visibilityMs = 30_000) {
  const clock = new VirtualClock(0);
  const simulated = new SimQueue<string>(clock, visibilityMs);
  return {
    clock,
    simulated,
    send: (group: number, ...bodies: string[]) => {
      for (const body of bodies) simulated.send({ group, body, bytes: 1 });
    },
    receive: (max: number) => simulated.receive(max).map(({ body }) => body),
  };
}

const many = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`);

describe("a simulated queue", () => {
  it("hands out nothing beyond the messages that may be in flight, until one is deleted", async () => {
    const { simulated } = queue();
    simulated.sendBacklog({
      group: 1,
      messages: IN_FLIGHT_CAP + 10,
      sentAtMs: () => 0,
      make: (i) => ({ group: 1, body: `${i}`, bytes: 1 }),
    });
    const received = simulated.receive(IN_FLIGHT_CAP + 10);

    const refused = simulated.receive(10);
    for (const message of received.slice(0, 3)) simulated.delete(message);
    const more = simulated.receive(10);

    expect(received).toHaveLength(IN_FLIGHT_CAP);
    expect(refused).toHaveLength(0);
    expect(more).toHaveLength(3);
  });

  it("hands out delayed messages when they are due, and does not count them as in flight before", async () => {
    const { simulated, clock, receive } = queue();
    simulated.send({ group: 1, body: "late", bytes: 1 }, 5);

    const before = [receive(10), simulated.inFlight];
    await clock.run(5_000);
    const after = [receive(10), simulated.inFlight];

    expect(before).toEqual([[], 0]);
    expect(after).toEqual([["late"], 1]);
  });

  it("hands out a quiet tenant's message before those of one with more than its share in flight", () => {
    const { send, receive } = queue();
    send(1, ...many("noisy", 100));
    receive(40);
    send(2, "quiet");

    const next = receive(2);

    expect(next).toEqual(["quiet", "noisy40"]);
  });

  it("hands out messages in the order in which they came as long as nobody has more than its share", () => {
    const { send, receive } = queue();
    send(1, ...many("a", 20));
    receive(10);
    send(2, "b");

    const next = receive(11);

    expect(next).toEqual([...many("a", 20).slice(10), "b"]);
  });

  it("of several noisy tenants serves the one with the fewest messages in flight first", () => {
    const { send, receive } = queue();
    send(1, ...many("more", 100));
    receive(80);
    send(2, ...many("less", 100));
    receive(40);

    const next = receive(1);

    expect(next).toEqual(["less40"]);
  });

  it("forgets that a tenant was noisy when it has sent nothing for five minutes", async () => {
    const { send, receive, clock } = queue(600_000);
    send(1, ...many("noisy", 100));
    receive(40);
    await clock.run(300_000);
    send(2, "quiet");

    const next = receive(1);

    expect(next).toEqual(["noisy40"]);
  });

  it("makes a backlog's messages only when they are handed out, and has all of them", () => {
    const { simulated, receive } = queue();
    const made: number[] = [];
    simulated.sendBacklog({
      group: 1,
      messages: 5,
      sentAtMs: () => 0,
      make: (i) => {
        made.push(i);
        return { group: 1, body: `old${i}`, bytes: 1 };
      },
    });

    const received = receive(2);

    expect(made).toEqual([0, 1]);
    expect(received).toEqual(["old0", "old1"]);
    expect([...simulated.contents()].sort()).toEqual(many("old", 5));
  });
});
