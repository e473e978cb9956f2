import type { Context } from "aws-lambda";
import type { Brand } from "../../functions/connect-page/brand.schema.ts";
import { createPage } from "../../functions/connect-page/create-page.ts";
import { createDeps } from "../../functions/onboarding-api/create-deps.ts";
import { createHandler, type RequestReport } from "../../functions/onboarding-api/create-handler.ts";
import type { OnboardingDeps } from "../../functions/onboarding-api/use-case.ts";
import { createDeps as createVerifyDeps } from "../../functions/verify-feed/create-deps.ts";
import { createHandler as createVerifyHandler } from "../../functions/verify-feed/create-handler.ts";
import { parseOnboardingApiEnv, parseVerifyFeedEnv } from "../../shared/core/validators.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import type { AwsClients } from "../connector.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { localReplays } from "./replays.ts";

export interface OnboardingOptions {
  readonly clients: AwsClients;
  /** Those of `connectorEnv`, and what is to be other than by default. */
  readonly env: Readonly<Record<string, string>>;
  /** What callers of the API send as `Authorization: Bearer <token>`. */
  readonly token: string;
  /** @default read, write, credentials */
  readonly scopes?: readonly string[];
  /** @default 0, any free port */
  readonly port?: number;
  readonly changes: FeedChanges;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRequest?: (report: RequestReport) => void;
  /** What the connect page looks like. */
  readonly brand?: Brand;
}

const LOCAL_BRAND: Brand = { name: "Partner", colour: "#1f5fbf", logoShowsName: false };

export interface Onboarding {
  readonly gateway: Gateway;
  readonly deps: OnboardingDeps;
  close(): Promise<void>;
}

/** The gateway tells of its callers as for a JWT; the other functions run in this process. */
const LOCAL = { AUTHORIZER: "jwt", VERIFY_FEED_FUNCTION: "local", REPLAY_REJECTED_FUNCTION: "local" };

/** The onboarding API on loopback: the functions as they are wired in production, but for their surroundings. */
export async function startOnboarding(options: OnboardingOptions): Promise<Onboarding> {
  const { clients, clock, log, token, port, scopes } = options;
  // A local run has one queue; what is replayed to it comes from it.
  const env = { BACKFILL_QUEUE_URL: options.env["QUEUE_URL"] ?? "", ...options.env, ...LOCAL };
  const verify = createVerifyDeps(parseVerifyFeedEnv(env), { clients, clock, log });
  const verifyFeed = createVerifyHandler(verify.deps, () => {});
  const apiEnv = parseOnboardingApiEnv(env);
  const deps = createDeps(apiEnv, {
    clients,
    changes: options.changes,
    storedKeys: { prove: async (feed) => (await verifyFeed(feed, {} as Context)) ?? undefined },
    replays: localReplays({ clients, env, clock, log }),
    clock,
    log,
  });
  const handler = createHandler(
    deps,
    { kind: apiEnv.AUTHORIZER, stage: apiEnv.STAGE },
    options.onRequest ?? (() => {}),
  );
  const gateway = await startGateway({
    api: handler,
    page: createPage(options.brand ?? LOCAL_BRAND, deps, () => {}),
    token,
    ...(scopes && { scopes }),
    ...(port !== undefined && { port }),
  });
  return {
    gateway,
    deps,
    async close() {
      await gateway.close();
      deps.close();
      verify.close();
    },
  };
}
