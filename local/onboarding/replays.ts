import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { createDeps } from "../../functions/replay-rejected/create-deps.ts";
import { createHandler } from "../../functions/replay-rejected/create-handler.ts";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import { DEFAULT_FLOW_SETTINGS as settings } from "../../shared/core/flow/flow-settings.ts";
import { parseReplayRejectedEnv } from "../../shared/core/validators.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { Replays } from "../../shared/ports-onboarding.ts";
import { FlowReleasePace } from "../../shared/requeue/flow-pace.ts";

/** Milliseconds that the function may run, as far as it knows; requests say how much less they give it. */
const TIMEOUT_MS = 300_000;

export interface ReplaysOptions {
  readonly clients: { readonly sqs: SQSClient; readonly dynamodb: DynamoDBClient; readonly s3: S3Client };
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The replay-rejected function in this process. As in production, one invocation at a time. */
export function localReplays({ clients, env, clock, log }: ReplaysOptions): Replays {
  const parsed = parseReplayRejectedEnv(env);
  const random = Math.random;
  const table = { client: clients.dynamodb, tableName: parsed.TABLE_NAME };
  const pace = new FlowReleasePace(new DynamoFlowStore({ ...table, settings, clock, random, log }), settings);
  const handler = createHandler(createDeps(parsed, { clients, pace, clock, random, log }), () => {});
  const context = { getRemainingTimeInMillis: () => TIMEOUT_MS } as Context;
  let isBusy = false;
  return {
    async replay(request) {
      if (isBusy) return "busy";
      isBusy = true;
      try {
        return await handler(request, context);
      } finally {
        isBusy = false;
      }
    },
  };
}
