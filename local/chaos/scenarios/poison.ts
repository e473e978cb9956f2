import type { Scenario } from "../scenario.ts";
import { BUSY_TENANT } from "../traffic.ts";
import type { World } from "../world.ts";

/** SQS: the largest message, in bytes. */
const MIB = 1_048_576;

/** Levels that a parser which calls itself does not survive. */
const DEEP = 100_000;

/** Bodies that are no message. Each counts as one event, which is rejected. */
const UNREADABLE: readonly string[] = [
  " ",
  "not JSON",
  '{"version":1,"tenantId":"busy","events":[{"type":"tr',
  ...["null", "42", '"text"', "[]", "{}", '{"version":7}', '{"version":1}'],
  '{"version":1,"tenantId":"../../etc","events":[{}]}',
  `{"version":1,"tenantId":"${"a".repeat(65)}","events":[{}]}`,
  '{"version":1,"tenantId":"busy","events":"all of them"}',
  '{"version":1,"tenantId":"busy","events":[]}',
  '{"version":1,"tenantId":"busy","feedId":"default","frozen":{"route":"live","batches":[{"body":"{\\"events\\":1}","hours":{}}]}}',
  '{"version":1,"tenantId":"busy","feedId":"default","frozen":{"route":"live","batches":[{"body":"{cut","hours":{}}]}}',
  nested(DEEP),
  `{"version":1,"tenantId":"busy","events":${nested(DEEP)}`,
  "x".repeat(MIB),
];

/** Fields that make an event hard to take. Each has to end somewhere. */
const HARD: readonly string[] = [
  `"properties":${nested(DEEP)}`,
  `"properties":{"a":${nested(DEEP)}}`,
  `"context":{"traits":{"a":${nested(DEEP)}}}`,
  `"traits":{"a":${nested(DEEP)}},"context":${nested(DEEP)}`,
  `"integrations":{"a":${nested(DEEP)}}`,
  '"properties":{"__proto__":{"polluted":1},"constructor":{"prototype":1},"toString":"x","hasOwnProperty":null}',
  '"userId":"__proto__","event":"__proto__","properties":{"__proto__":"x"}',
  '"event":"\\ud800","properties":{"\\udfff":"\\ud800","nul":"\\u0000"}',
  '"properties":{"a":1e999,"b":-1e999,"c":-0,"d":123456789012345678901234567890,"price":1e308,"quantity":1e-320}',
  '"timestamp":8640000000000001',
  '"timestamp":-1e20',
  '"timestamp":"+275760-09-13T00:00:00.001Z"',
  '"userId":1e999',
  `"userId":"${"u".repeat(10_000)}"`,
  `"properties":{"long":"${"é".repeat(500_000)}"}`,
  `"properties":{"list":[${"1,".repeat(400_000)}1]}`,
  `"properties":{${Array.from({ length: 40_000 }, (_, i) => `"key ${i}":${i}`).join(",")}}`,
  `"properties":{"products":[${'{"product_id":"p","price":1},'.repeat(30_000)}{}]},"event":"Order Completed"`,
];

/** As many events as the largest message holds. */
const MANY = 10_000;

export const poison: readonly Scenario[] = [
  {
    name: "poison-messages",
    about: "bodies that are no message, 1 MiB, 10,000 events, nested 100,000 deep, among good ones",
    // A message that crashes the function would be a dead letter soon, and its neighbours too.
    surroundings: { visibilityTimeoutSeconds: 12, maxReceiveCount: 3 },
    async disturb(world) {
      await world.until(0.5);
      world.noteSent(await world.sendBodies(UNREADABLE), "rejected");
      await world.until(1.5);
      await sendHard(world);
      await world.until(2.5);
      await sendMany(world);
    },
  },
];

async function sendHard(world: World): Promise<void> {
  const ids = HARD.map((_, i) => `hard-${i}`);
  await world.sendBodies(
    HARD.map((fields, i) =>
      bodyOf(`{"type":"track","event":"Hard","userId":"u","messageId":"${ids[i]}",${fields}}`),
    ),
  );
  // Without an id: a hash of the content has to do.
  const messageIds = await world.sendBodies(
    HARD.map((fields) => bodyOf(`{"type":"row","event":"Hard","userId":"u",${fields}}`)),
  );
  world.noteSent(ids, "anywhere");
  world.noteSent(
    messageIds.map((id) => `${id}#0`),
    "anywhere",
  );
}

async function sendMany(world: World): Promise<void> {
  const ids = Array.from({ length: MANY }, (_, i) => `m${i}`);
  const events = ids.map(
    (id, i) => `{"type":"track","event":"E","userId":"u${i % 100}","messageId":"${id}"}`,
  );
  await world.sendBodies([bodyOf(events.join(","))]);
  world.noteSent(ids, "delivered");
}

function bodyOf(events: string): string {
  return `{"version":1,"tenantId":"${BUSY_TENANT}","events":[${events}]}`;
}

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}
