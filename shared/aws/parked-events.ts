import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { objectKey, objectText } from "../core/parked-object.ts";
import type { Clock, ParkedEvents, ParkedObject } from "../ports.ts";

export const PARKED_CONTENT_TYPE = "application/x-ndjson";

export interface S3ParkedEventsOptions {
  readonly client: S3Client;
  readonly bucketName: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** A new unique name. */
  readonly uniqueId: () => string;
}

/**
 * Parked events as NDJSON, one object per ending, tenant, feed, cause and invocation:
 * `held/tenant=acme/feed=default/cause=feed_paused/2026/11/22/03/<time>-<id>.ndjson`. Bodies that name no tenant lie
 * under `rejected/unreadable/`.
 */
export class S3ParkedEvents implements ParkedEvents {
  readonly #options: S3ParkedEventsOptions;

  constructor(options: S3ParkedEventsOptions) {
    this.#options = options;
  }

  async write({ events, ...folder }: ParkedObject): Promise<void> {
    const { client, bucketName, clock, uniqueId } = this.#options;
    const atMs = clock.nowMs();
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: objectKey(folder, atMs, uniqueId()),
        ContentType: PARKED_CONTENT_TYPE,
        Body: objectText(folder, atMs, events),
      }),
    );
  }
}
