import { createDeps } from "../../../functions/onboarding-api/create-deps.ts";
import { createHandler, type RequestReport } from "../../../functions/onboarding-api/create-handler.ts";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { provision } from "../../../local/aws/provision.ts";
import { type AwsClients, createClients, destroyClients, SECRET_PREFIX } from "../../../local/connector.ts";
import { type Gateway, startGateway } from "../../../local/onboarding/gateway.ts";
import { withToken } from "../../../shared/client/authentication.ts";
import { createOnboardingClient, type OnboardingClient } from "../../../shared/client/onboarding-client.ts";
import type { FeedChanged } from "../../../shared/core/feed-changed.schema.ts";
import { parseOnboardingApiEnv } from "../../../shared/core/validators.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { capturedLog } from "../../support/captured-log.ts";

/** A token long enough to be none by chance. */
export const TOKEN = "test-token-0123456789";

/** The API as it is deployed, but for its surroundings: real handler, real HTTP, embedded AWS. */
export interface OnboardingWorld {
  readonly aws: EmbeddedAws;
  readonly clients: AwsClients;
  readonly tableName: string;
  readonly gateway: Gateway;
  readonly client: OnboardingClient;
  readonly log: ReturnType<typeof capturedLog>;
  /** What was announced over EventBridge. */
  readonly announced: FeedChanged[];
  readonly reports: RequestReport[];
  /** Sets the clock; undefined: the real one. Epoch milliseconds. */
  setNow(nowMs: number | undefined): void;
  /** Sends a request with the token, unless its headers say otherwise. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export async function startOnboardingWorld({
  scopes,
}: {
  readonly scopes?: readonly string[];
} = {}): Promise<OnboardingWorld> {
  const aws = await startEmbeddedAws();
  const { tableName } = await provision(aws);
  const clients = createClients(aws.clientConfig);
  const log = capturedLog();
  const announced: FeedChanged[] = [];
  const reports: RequestReport[] = [];
  let nowMs: number | undefined;
  const env = parseOnboardingApiEnv({
    STAGE: "local",
    TABLE_NAME: tableName,
    AUTHORIZER: "jwt",
    SECRET_PREFIX,
  });
  const deps = createDeps(env, {
    clients,
    changes: {
      announce: async (changed) => {
        announced.push(changed);
      },
    },
    clock: { ...systemClock, nowMs: () => nowMs ?? systemClock.nowMs() },
    log,
  });
  const handler = createHandler(deps, { kind: "jwt", stage: "local" }, (report) => reports.push(report));
  const gateway = await startGateway({ api: handler, token: TOKEN, ...(scopes && { scopes }) });
  return {
    aws,
    clients,
    tableName,
    gateway,
    client: createOnboardingClient({ url: gateway.url, authenticate: withToken(TOKEN) }),
    log,
    announced,
    reports,
    setNow: (ms) => {
      nowMs = ms;
    },
    send: (method, path, { headers, body } = {}) =>
      fetch(`${gateway.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
        ...(body !== undefined && { body }),
      }),
    async close() {
      await gateway.close();
      destroyClients(clients);
      await aws.close();
    },
  };
}
