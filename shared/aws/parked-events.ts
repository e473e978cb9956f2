import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
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
    const place = { Bucket: bucketName, Key: objectKey(folder, atMs, uniqueId()) };
    const Body = objectText(folder, atMs, events);
    try {
      await client.send(new PutObjectCommand({ ...place, ContentType: PARKED_CONTENT_TYPE, Body }));
    } catch (error) {
      // An answer that got lost is not an object that got lost: parked once more, its events would be there twice.
      if (!(await this.#exists(place))) throw error;
    }
  }

  async #exists(place: { Bucket: string; Key: string }): Promise<boolean> {
    try {
      await this.#options.client.send(new HeadObjectCommand(place));
      return true;
    } catch {
      return false;
    }
  }
}
