import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { createDeps } from "../../functions/release-held/create-deps.ts";
import { createHandler } from "../../functions/release-held/create-handler.ts";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import { nameOf } from "../../shared/core/error-name.ts";
import type { FeedChanged } from "../../shared/core/feed-changed.schema.ts";
import { FEED_CHANGED } from "../../shared/core/feed-changed.ts";
import { DEFAULT_FLOW_SETTINGS as settings } from "../../shared/core/flow/flow-settings.ts";
import { parseReleaseHeldEnv } from "../../shared/core/validators.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import { FlowReleasePace } from "../../shared/requeue/flow-pace.ts";

/** Milliseconds that a run may take, as in production. */
const TIMEOUT_MS = 300_000;

/**
 * Milliseconds between a change and the releases that follow it: when delivery looks again for a tenant that nobody knew, and when it
 * reads again what it knows of one. Events that come back sooner are held once more. Production has a run every minute instead.
 */
const AFTER_MS = [7_000, 45_000] as const;

export interface ReleasesOptions {
  readonly clients: {
    readonly sqs: SQSClient;
    readonly dynamodb: DynamoDBClient;
    readonly secretsManager: SecretsManagerClient;
    readonly s3: S3Client;
  };
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Releases extends FeedChanges {
  /** Ends what runs, and lets nothing else begin. */
  close(): Promise<void>;
}

/** The release-held function in this process, run for each change as EventBridge runs it: one at a time. */
export function localReleases({ clients, env, clock, log }: ReleasesOptions): Releases {
  const parsed = parseReleaseHeldEnv({ BACKFILL_QUEUE_URL: env["QUEUE_URL"], ...env });
  const random = Math.random;
  const table = { client: clients.dynamodb, tableName: parsed.TABLE_NAME };
  const pace = new FlowReleasePace(new DynamoFlowStore({ ...table, settings, clock, random, log }), settings);
  const handler = createHandler(createDeps(parsed, { clients, pace, clock, random, log }), () => {});
  const context = { getRemainingTimeInMillis: () => TIMEOUT_MS } as Context;
  const timers = new Set<NodeJS.Timeout>();
  let running: Promise<void> = Promise.resolve();
  const run = async (detail: FeedChanged) => {
    const event = { source: FEED_CHANGED.source, "detail-type": FEED_CHANGED.detailType, detail };
    await handler(event, context).catch((error: unknown) =>
      log.error("A release failed", { ...detail, error: nameOf(error) }),
    );
  };
  return {
    async announce(changed) {
      for (const afterMs of AFTER_MS) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          running = running.then(() => run(changed));
        }, afterMs);
        timers.add(timer);
      }
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}
