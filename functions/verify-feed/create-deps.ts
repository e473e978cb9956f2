import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SecretsCredentialStore } from "../../shared/aws/credential-store.ts";
import { createKeyProver } from "../../shared/mparticle/key-prover.ts";
import type { Clock, Log } from "../../shared/ports.ts";
import type { VerifyFeedEnv } from "./env.schema.ts";
import type { VerifyDeps } from "./verify-feed.ts";

export interface VerifyWorld {
  readonly clients: { readonly secretsManager: SecretsManagerClient };
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What verifying needs, from settings and clients: once per cold start. Each invocation has its own store of keys: what is tested
 * are the keys as they are stored now.
 *
 * @throws {ConfigError} for a partner URL that keys must not be sent to.
 */
export function createDeps(
  env: VerifyFeedEnv,
  { clients, clock, log }: VerifyWorld,
): { deps: () => VerifyDeps; close(): void } {
  const prover = createKeyProver(env, clock);
  const store = {
    client: clients.secretsManager,
    prefix: env.SECRET_PREFIX,
    clock,
    random: Math.random,
    log,
  };
  return {
    deps: () => ({ credentials: new SecretsCredentialStore(store), prover }),
    close: () => prover.close(),
  };
}
