import { ORDERLY } from "../delivery.ts";
import type { Scenario } from "../scenario.ts";

export const sqs: readonly Scenario[] = [
  {
    name: "killed-workers",
    about: "a worker gets SIGKILL every 300 to 900 ms, and its messages come back",
    surroundings: { workers: 3, visibilityTimeoutSeconds: 6 },
    allows: {
      doubledWhenHandedTwice:
        "these were with an invocation when it was killed, which may have sent them and did not say so",
    },
    async disturb(world) {
      for (let at = 0.5; at < 5; at += 0.3 + world.random() * 0.6) {
        await world.until(at);
        await world.workers.kill(Math.floor(world.random() * world.workers.size));
      }
    },
  },
  {
    name: "copies-and-no-order",
    about: "SQS hands a third of the messages out twice within an invocation, and all in no order",
    surroundings: { delivery: { ...ORDERLY, isShuffled: true, copied: 0.3 } },
  },
  {
    name: "handed-to-two",
    about: "SQS hands a fifth of the messages to two invocations at once",
    surroundings: { delivery: { ...ORDERLY, shared: 0.2 } },
  },
  {
    name: "handed-out-again",
    about: "a third of the messages come again some seconds after an invocation was done with them",
    surroundings: { delivery: { ...ORDERLY, undeleted: 0.3 }, visibilityTimeoutSeconds: 5 },
  },
  {
    name: "handed-to-two-without-claims",
    about:
      "SQS hands a fifth of the messages to two invocations at once, while the table refuses most writes",
    surroundings: { delivery: { ...ORDERLY, shared: 0.2 } },
    allows: {
      doubledWhenHandedTwice:
        "a known limit, two faults at once: invocations that the table does not let claim cannot know of each other, and waiting for it would stop delivery",
    },
    async disturb(world) {
      world.aws.setRules([
        { service: "dynamodb", operations: ["UpdateItem"], fault: { kind: "error" }, share: 0.9 },
      ]);
      await world.until(4);
      world.aws.setRules([]);
    },
  },
];
