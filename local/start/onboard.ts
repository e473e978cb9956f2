import { randomBytes } from "node:crypto";
import { withToken } from "../../shared/client/authentication.ts";
import { createOnboardingClient, OnboardingError } from "../../shared/client/onboarding-client.ts";
import type { Log } from "../../shared/ports.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import type { AwsClients } from "../connector.ts";
import { onboardTenants } from "../onboarding/onboard-tenants.ts";
import { startOnboarding } from "../onboarding/onboarding.ts";
import { localReleases } from "../onboarding/releases.ts";
import type { StoredTenant } from "../store-tenants.ts";
import type { StartOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

export interface LocalOnboarding {
  /** Where the API is, up to where `/v1` begins. */
  readonly url: string;
  /** What it asks for as `Authorization: Bearer <token>`. */
  readonly token: string;
  close(): Promise<void>;
}

export interface OnboardOptions {
  readonly clients: AwsClients;
  /** As the connector's. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** Starts the onboarding API of a local run. @throws {UsageError} for a port that is taken. */
export async function startLocalOnboarding(
  { apiPort, apiToken, nowMs }: Pick<StartOptions, "apiPort" | "apiToken" | "nowMs">,
  { clients, env, log }: OnboardOptions,
): Promise<LocalOnboarding> {
  const clock = { ...systemClock, ...(nowMs !== undefined && { nowMs: () => nowMs }) };
  const releases = localReleases({ clients, env, clock: systemClock, log });
  const token = apiToken ?? randomBytes(24).toString("base64url");
  const onboarding = await startOnboarding({
    clients,
    env,
    token,
    port: apiPort,
    changes: releases,
    clock,
    log,
  });
  return {
    url: onboarding.gateway.url,
    token,
    async close() {
      await onboarding.close();
      await releases.close();
    },
  };
}

/** A link to the connect page, for a customer of its own who has not entered keys yet. */
export async function trialLink({ url, token }: Pick<LocalOnboarding, "url" | "token">): Promise<string> {
  const client = createOnboardingClient({ url, authenticate: withToken(token) });
  const params = { tenantId: "trial-customer", feedId: "default" };
  await client.putTenant({ params, body: {} });
  await client.putFeed({ params, body: { platforms: ["iOS"] } });
  return (await client.createConnectLink({ params, body: { feedIds: [params.feedId] } })).body.url;
}

/** Onboards the run's tenants through its API. @throws {UsageError} that says which of them the API refuses, and why. */
export async function onboard(
  { url, token }: Pick<LocalOnboarding, "url" | "token">,
  tenants: readonly StoredTenant[],
): Promise<void> {
  const client = createOnboardingClient({ url, authenticate: withToken(token) });
  for (const tenant of tenants)
    await onboardTenants(client, [tenant]).catch((error: unknown) => {
      if (!(error instanceof OnboardingError)) throw error;
      throw new UsageError(`--tenants: ${tenant.tenant.tenantId}: ${error.message}`);
    });
}
