import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { StandIn } from "../stand-in/stand-in.ts";
import type { Evidence } from "./account.ts";
import { readBucket } from "./bucket.ts";
import { eventIdsIn } from "./event-ids.ts";
import type { World } from "./world.ts";

/** Looks everywhere an event can be. To be called when the workers have stopped. */
export async function gatherEvidence(world: World): Promise<Evidence> {
  const { standIn, arrivals, clients, state } = world;
  const feeds = [...standIn.counts().feeds.values()];
  return {
    taken: sum(feeds.map(({ eventIds }) => eventIds)),
    deduplicated: sum(feeds.map(({ deduplicatedEventIds }) => deduplicatedEventIds)),
    accepted: arrivals.accepted,
    parked: await readBucket(clients.s3, state.bucketName),
    takenRequestIds: takenRequestIds(standIn),
    deadLetters: await readDeadLetters(clients.sqs, state.deadLetterQueueUrl),
    waiting: await messagesOn(world),
  };
}

/** Messages on the ingest queue: to be received, hidden and delayed. */
export async function messagesOn({ clients, state }: Pick<World, "clients" | "state">): Promise<number> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: state.queueUrl, AttributeNames: ["All"] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible) +
    Number(Attributes.ApproximateNumberOfMessagesDelayed)
  );
}

export async function isAnythingHeld({ clients, state }: Pick<World, "clients" | "state">): Promise<boolean> {
  const { KeyCount = 0 } = await clients.s3.send(
    new ListObjectsV2Command({ Bucket: state.bucketName, Prefix: "held/", MaxKeys: 1 }),
  );
  return KeyCount > 0;
}

function sum(counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const map of counts) for (const [id, times] of map) total.set(id, (total.get(id) ?? 0) + times);
  return total;
}

function takenRequestIds(standIn: StandIn): Set<string> {
  return new Set([...standIn.counts().feeds.values()].flatMap(({ requestIds }) => [...requestIds.keys()]));
}

async function readDeadLetters(sqs: SQSClient, QueueUrl: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        VisibilityTimeout: 3600,
      }),
    );
    if (Messages.length === 0) return ids;
    for (const { Body = "", MessageId = "" } of Messages)
      for (const id of eventIdsIn(Body, MessageId)) ids.add(id);
  }
}
