import { addAbortSignal, type Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { type BadLine, type ParkedLine, readParkedLine } from "../core/parked-line.ts";
import {
  folderOf,
  folderPath,
  type ParkedFolder,
  type ParkedRef,
  refOf,
  timePath,
} from "../core/parked-object.ts";
import type { Log } from "../ports.ts";
import type { ParkedStore, TimeRange } from "../ports-parked.ts";
import { PARKED_CONTENT_TYPE } from "./parked-events.ts";

/** The whole of an object must have come within this time, in milliseconds: the client's own time-outs end with its first byte. */
const READ_MS = 10_000;

export interface S3ParkedStoreOptions {
  readonly client: S3Client;
  readonly bucketName: string;
  readonly log: Log;
  /** Keys in one answer. @default what S3 gives, 1000 */
  readonly pageSize?: number;
}

/** Reads what `S3ParkedEvents` has written, and takes it out again. */
export class S3ParkedStore implements ParkedStore {
  readonly #options: S3ParkedStoreOptions;

  constructor(options: S3ParkedStoreOptions) {
    this.#options = options;
  }

  async *tenants(ending: ParkedFolder["ending"]): AsyncIterable<string> {
    for await (const name of this.#names(ending)) {
      const { tenantId } = folderOf(`${ending}/${name}`) ?? {};
      if (tenantId !== undefined) yield tenantId;
    }
  }

  folders(ending: ParkedFolder["ending"], tenantId: string | undefined): AsyncIterable<ParkedFolder> {
    return this.#foldersIn(folderPath({ ending, lane: "live", ...(tenantId !== undefined && { tenantId }) }));
  }

  async *list(folder: ParkedFolder, range?: TimeRange): AsyncIterable<ParkedRef> {
    const path = folderPath(folder);
    const StartAfter = range && timePath(path, range.fromMs);
    for await (const { Contents = [] } of this.#pages({ Prefix: `${path}/`, StartAfter })) {
      for (const { Key = "" } of Contents) {
        // Years sort before the folders within this one, which have names.
        if (!/^\d/.test(Key.slice(path.length + 1))) return;
        const ref = refOf(Key);
        if (!ref) this.#options.log.warn("An object is not named as parked ones are", { key: Key });
        else if (range && ref.parkedAtMs >= range.toMs) return;
        else yield ref;
      }
    }
  }

  async *lines({ key, folder }: ParkedRef): AsyncIterable<ParkedLine | BadLine> {
    const { client, bucketName } = this.#options;
    let object: GetObjectCommandOutput;
    try {
      object = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchKey") return;
      throw error;
    }
    // In Node the body is a stream of Node's.
    const body = addAbortSignal(AbortSignal.timeout(READ_MS), object.Body as Readable);
    for await (const text of textLines(body)) yield readParkedLine(text, folder);
  }

  async rewrite({ key }: ParkedRef, texts: readonly string[]): Promise<void> {
    const { client, bucketName } = this.#options;
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: key,
        ContentType: PARKED_CONTENT_TYPE,
        Body: texts.map((text) => `${text}\n`).join(""),
      }),
    );
  }

  async delete({ key }: ParkedRef): Promise<void> {
    const { client, bucketName } = this.#options;
    await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: key }));
  }

  async *#foldersIn(path: string): AsyncIterable<ParkedFolder> {
    let hasObjects = false;
    for await (const name of this.#names(path)) {
      const within = folderOf(`${path}/${name}`);
      if (!within) hasObjects ||= /^\d{4}$/.test(name);
      // There is nothing below a cause but its objects.
      else if (within.cause !== undefined) yield within;
      else yield* this.#foldersIn(`${path}/${name}`);
    }
    const folder = hasObjects ? folderOf(path) : undefined;
    if (folder) yield folder;
  }

  /** Names of the folders within a path. */
  async *#names(path: string): AsyncIterable<string> {
    const Prefix = `${path}/`;
    for await (const { CommonPrefixes = [] } of this.#pages({ Prefix, Delimiter: "/" }))
      for (const { Prefix: found = "" } of CommonPrefixes) yield found.slice(Prefix.length, -1);
  }

  async *#pages(
    input: Pick<ListObjectsV2CommandInput, "Prefix" | "Delimiter" | "StartAfter">,
  ): AsyncIterable<ListObjectsV2CommandOutput> {
    const { client, bucketName: Bucket, pageSize: MaxKeys } = this.#options;
    let ContinuationToken: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await client.send(
        new ListObjectsV2Command({ Bucket, MaxKeys, ContinuationToken, ...input }),
      );
      yield page;
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }
}

/** Lines end with a line feed and nothing else: JSON text may hold the other characters that some count as line ends. */
async function* textLines(stream: AsyncIterable<Buffer>): AsyncIterable<string> {
  let begun: Buffer[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)]).toString("utf8");
      begun = [];
      start = end + 1;
    }
    begun.push(chunk.subarray(start));
  }
  const rest = Buffer.concat(begun).toString("utf8");
  if (rest !== "") yield rest;
}

const LINE_FEED = 0x0a;
