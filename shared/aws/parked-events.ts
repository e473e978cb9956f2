import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Clock, ParkedEvents, ParkedObject } from "../ports.ts";

export interface S3ParkedEventsOptions {
  readonly client: S3Client;
  readonly bucketName: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** A new unique name. */
  readonly uniqueId: () => string;
}

/**
 * Parked events as NDJSON, one object per ending, tenant, feed and invocation:
 * `rejected/tenant=acme/feed=default/2026/11/22/03/<time>-<id>.ndjson`. Bodies that name no tenant lie under
 * `rejected/unreadable/`.
 */
export class S3ParkedEvents implements ParkedEvents {
  readonly #options: S3ParkedEventsOptions;

  constructor(options: S3ParkedEventsOptions) {
    this.#options = options;
  }

  async write({ ending, tenantId, feedId, events }: ParkedObject): Promise<void> {
    const { client, bucketName, clock, uniqueId } = this.#options;
    const at = new Date(clock.nowMs()).toISOString();
    const owner = [
      tenantId === undefined ? "unreadable" : `tenant=${tenantId}`,
      ...(feedId === undefined ? [] : [`feed=${feedId}`]),
    ];
    const hour = at.slice(0, 13).replace(/[-T]/g, "/");
    await client.send(
      new PutObjectCommand({
        Bucket: bucketName,
        Key: [ending, ...owner, hour, `${at}-${uniqueId()}.ndjson`].join("/"),
        ContentType: "application/x-ndjson",
        Body: events.map((event) => `${JSON.stringify({ at, tenantId, feedId, ...event })}\n`).join(""),
      }),
    );
  }
}
