import type { AwsFault, AwsFaultRule } from "../../aws/fault-gate.ts";
import type { AwsServiceName } from "../../aws/service.ts";
import type { Scenario } from "../scenario.ts";
import { BUSY_TENANT } from "../traffic.ts";
import type { World } from "../world.ts";

/** What a service goes through, one after the other: how it fails, for how many seconds, and for which share of calls. */
const SPELLS: readonly { readonly fault: AwsFault; readonly seconds: number; readonly share: number }[] = [
  { fault: { kind: "throttled" }, seconds: 1.2, share: 0.9 },
  { fault: { kind: "error" }, seconds: 1.2, share: 0.9 },
  { fault: { kind: "slow", ms: 700 }, seconds: 0.8, share: 0.7 },
  { fault: { kind: "reset", written: false }, seconds: 0.6, share: 0.7 },
  { fault: { kind: "reset", written: true }, seconds: 0.6, share: 0.5 },
  // Longer than the connector's clients wait.
  { fault: { kind: "slow", ms: 6_000 }, seconds: 0.4, share: 0.3 },
];

const failing = (service: AwsServiceName, rule: Partial<AwsFaultRule> = {}) =>
  async function disturb(world: World): Promise<void> {
    let at = 0.2;
    await world.until(at);
    for (const { seconds, ...spell } of SPELLS) {
      world.aws.setRules([{ ...rule, ...spell, service }]);
      at += seconds;
      await world.until(at);
    }
    world.aws.setRules([]);
  };

/** Every other invocation starts with nothing in memory, so that the stores are read all the time. */
const COLD = { coldStartEvery: 2 };

/** Lambda's calls to the queue survive the spells within the visibility timeout, as they do with the six times of production. */
const PATIENT = { visibilityTimeoutSeconds: 13 };

/** mParticle takes requests and errs, while calls to AWS fail, from the tenth to the seventieth second. */
const erringWhile = (rules: readonly AwsFaultRule[]) => async (world: World) => {
  await world.until(10);
  world.mparticle("503-after:0.8");
  world.aws.setRules(rules);
  await world.until(70);
  world.mparticle("");
  world.aws.setRules([]);
};

const SEND_REFUSED: AwsFaultRule = {
  service: "sqs",
  operations: ["SendMessage"],
  fault: { kind: "error" },
  share: 0.5,
};

export const aws: readonly Scenario[] = [
  {
    name: "dynamodb-failing",
    about: "DynamoDB throttles, errs, is slow, resets connections, hangs",
    surroundings: COLD,
    disturb: failing("dynamodb"),
  },
  {
    name: "secrets-failing",
    about: "Secrets Manager throttles, errs, is slow, resets connections, hangs",
    surroundings: COLD,
    disturb: failing("secretsmanager"),
  },
  {
    name: "s3-failing",
    about: "S3 throttles, errs, is slow, resets connections, hangs, while some events have to be parked",
    disturb: failing("s3"),
  },
  {
    name: "sqs-failing",
    about: "SQS throttles, errs, is slow, resets connections, hangs",
    surroundings: PATIENT,
    disturb: failing("sqs"),
  },
  {
    name: "sqs-and-429",
    about: "the same while mParticle throttles, so that messages go back and requests are frozen",
    surroundings: PATIENT,
    async disturb(world) {
      world.mparticle("429:0.2");
      await failing("sqs")(world);
      world.mparticle("");
    },
  },
  {
    name: "two-faults-at-once",
    about:
      "mParticle takes requests and errs, while SQS does not take half of what is frozen, for a minute (virtual time)",
    surroundings: { visibilityTimeoutSeconds: 8, timeScale: 20 },
    disturb: erringWhile([SEND_REFUSED]),
  },
  {
    name: "two-faults-taken-unsaid",
    about: "mParticle takes requests and errs, while SQS takes what is frozen and does not say so",
    surroundings: { visibilityTimeoutSeconds: 8, timeScale: 20 },
    disturb: erringWhile([{ ...SEND_REFUSED, fault: { kind: "reset", written: true }, share: 0.9 }]),
  },
  {
    name: "three-faults-at-once",
    about:
      "mParticle takes requests and errs, while SQS takes nothing of what is frozen, and S3 half of what is to be held instead",
    surroundings: { visibilityTimeoutSeconds: 8, timeScale: 20 },
    disturb: erringWhile([
      { ...SEND_REFUSED, share: 1 },
      { service: "s3", operations: ["PUT"], fault: { kind: "error" }, share: 0.7 },
    ]),
  },
  {
    name: "half-parked",
    about:
      "messages of a paused tenant, half of each rejected, half held, of which S3 often takes one half only (virtual time)",
    surroundings: { timeScale: 20 },
    async disturb(world) {
      await world.setTenantStatus(BUSY_TENANT, "paused");
      world.aws.setRules([{ service: "s3", operations: ["PUT"], fault: { kind: "error" }, share: 0.7 }]);
      for (let i = 0; i < 20; i++) {
        await world.until(4 * i);
        await sendHalfBad(world, i);
      }
      world.aws.setRules([]);
      await world.setTenantStatus(BUSY_TENANT, "active");
    },
  },
];

/** A message that no publisher of ours sends: it would keep back what is of no known kind. */
async function sendHalfBad(world: World, number: number): Promise<void> {
  const [good, bad] = [`half-good-${number}`, `half-bad-${number}`];
  const events = [
    { type: "track", messageId: good, userId: "u", event: "Product Viewed" },
    { type: "row", messageId: bad, model: "m" },
  ];
  await world.sendBodies([JSON.stringify({ version: 1, tenantId: BUSY_TENANT, events })]);
  world.noteSent([good], "delivered");
  world.noteSent([bad], "rejected");
}
