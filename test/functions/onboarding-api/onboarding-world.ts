import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { RequestReport } from "../../../functions/onboarding-api/create-handler.ts";
import type { OnboardingDeps } from "../../../functions/onboarding-api/use-case.ts";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { type ProvisionedState, provision } from "../../../local/aws/provision.ts";
import { type AwsClients, connectorEnv, createClients, destroyClients } from "../../../local/connector.ts";
import type { Gateway } from "../../../local/onboarding/gateway.ts";
import { startOnboarding } from "../../../local/onboarding/onboarding.ts";
import { type StandIn, startStandIn } from "../../../local/stand-in/stand-in.ts";
import { withToken } from "../../../shared/client/authentication.ts";
import {
  createOnboardingClient,
  type OnboardingClient,
  OnboardingError,
} from "../../../shared/client/onboarding-client.ts";
import type { FeedChanged } from "../../../shared/core/feed-changed.schema.ts";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { assertDocumented } from "./documented.ts";

/** A token long enough to be none by chance. */
export const TOKEN = "test-token-0123456789";

/** The API as it is deployed, but for its surroundings: real handlers, real HTTP, embedded AWS, stand-in. */
export interface OnboardingWorld {
  readonly clients: AwsClients;
  readonly state: ProvisionedState;
  readonly standIn: StandIn;
  readonly gateway: Gateway;
  readonly deps: OnboardingDeps;
  readonly client: OnboardingClient;
  readonly log: ReturnType<typeof capturedLog>;
  /** What was announced over EventBridge. */
  readonly announced: FeedChanged[];
  readonly reports: RequestReport[];
  /** Sets the clock; undefined: the real one. Epoch milliseconds. */
  setNow(nowMs: number | undefined): void;
  /** Sends a request with the token, unless its headers say otherwise. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  /** A new tenant, and the id of a feed that it does not have yet. What was announced before is forgotten. */
  newTenant(): Promise<FeedId>;
  /** As {@link newTenant}, but there is a feed, which has no keys. */
  newFeed(): Promise<FeedId>;
  /** Marks a feed as delivery does when mParticle refuses its keys. */
  refuseKeys(feed: FeedId, secretVersion: string): Promise<void>;
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
  const aws: EmbeddedAws = await startEmbeddedAws();
  const state = await provision(aws);
  const standIn = await startStandIn({ feeds: [] });
  const clients = createClients(aws.clientConfig);
  const log = capturedLog();
  const announced: FeedChanged[] = [];
  const reports: RequestReport[] = [];
  let nowMs: number | undefined;
  const { gateway, deps, close } = await startOnboarding({
    clients,
    env: { ...connectorEnv(state, standIn.url), PROOF_TIMEOUT_MS: "500" },
    token: TOKEN,
    ...(scopes && { scopes }),
    changes: {
      announce: async (changed) => {
        announced.push(changed);
      },
    },
    clock: { ...systemClock, nowMs: () => nowMs ?? systemClock.nowMs() },
    log,
    onRequest: (report) => reports.push(report),
  });
  const client = createOnboardingClient({
    url: gateway.url,
    authenticate: withToken(TOKEN),
    fetch: documentedFetch,
  });
  let tenants = 0;
  const newTenant = async () => {
    const params = { tenantId: `tenant-${++tenants}`, feedId: "default" };
    await client.putTenant({ params, body: {} });
    announced.length = 0;
    return params;
  };
  return {
    clients,
    state,
    standIn,
    gateway,
    deps,
    client,
    log,
    announced,
    reports,
    setNow: (ms) => {
      nowMs = ms;
    },
    send: (method, path, { headers, body } = {}) =>
      documentedFetch(`${gateway.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
        ...(body !== undefined && { body }),
      }),
    newTenant,
    async newFeed() {
      const params = await newTenant();
      await client.putFeed({ params, body: {} });
      announced.length = 0;
      return params;
    },
    async refuseKeys({ tenantId, feedId }, secretVersion) {
      await clients.dynamodb.send(
        new UpdateItemCommand({
          TableName: state.tableName,
          Key: { pk: { S: `tenant#${tenantId}` }, sk: { S: `feed#${feedId}` } },
          UpdateExpression: "SET #status = :refused, refusedSecretVersion = :version",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":refused": { S: "credentials_refused" },
            ":version": { S: secretVersion },
          },
        }),
      );
    },
    async close() {
      await close();
      destroyClients(clients);
      await Promise.all([standIn.close(), aws.close()]);
    },
  };
}

/** Every answer in every test is one that the API's document describes. */
const documentedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  await assertDocumented(init?.method ?? "GET", new URL(String(input)).pathname, response);
  return response;
};

/** The problem that a call was answered with; undefined: it succeeded. */
export async function problemOf(call: Promise<unknown>): Promise<OnboardingError["problem"]> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof OnboardingError && error.problem) return error.problem;
    throw error;
  }
}
