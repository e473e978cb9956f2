import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ParkedLine } from "./account.ts";
import { idOfEvent, idsInBatch, requestIdOf } from "./event-ids.ts";

/** Reads every parked line of a bucket. */
export async function readBucket(s3: S3Client, bucketName: string): Promise<ParkedLine[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucketName }))
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  const lines: ParkedLine[] = [];
  for (const Key of keys) {
    const ending = endingOf(Key);
    if (!ending) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key }));
    const text = (await Body?.transformToString("utf8")) ?? "";
    for (const line of text.split("\n")) if (line !== "") lines.push(readLine(ending, JSON.parse(line)));
  }
  return lines;
}

function endingOf(key: string): ParkedLine["ending"] | undefined {
  if (key.startsWith("held/")) return "held";
  return key.startsWith("rejected/") ? "rejected" : undefined;
}

interface WrittenLine {
  readonly sqsMessageId: string;
  readonly index?: number;
  readonly reasons: readonly { readonly code: string }[];
  readonly content: {
    readonly event?: unknown;
    readonly eventText?: string;
    readonly batch?: string;
    readonly body?: string;
  };
}

function readLine(ending: ParkedLine["ending"], line: WrittenLine): ParkedLine {
  const { batch } = line.content;
  const requestId = batch === undefined ? undefined : requestIdOf(batch);
  return { ending, ids: idsOfLine(line), requestId, cause: line.reasons[0]?.code };
}

function idsOfLine({ sqsMessageId, index, content }: WrittenLine): string[] {
  const { batch, eventText, event } = content;
  if (batch !== undefined) return idsInBatch(batch);
  if ("body" in content) return [sqsMessageId];
  return [idOfEvent(eventText === undefined ? event : JSON.parse(eventText), sqsMessageId, index ?? 0)];
}
