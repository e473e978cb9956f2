import { type OnboardingStoresWorld, onboardingStores } from "../../shared/aws/onboarding-stores.ts";
import { createKeyProver } from "../../shared/mparticle/key-prover.ts";
import type { FeedChanges } from "../../shared/ports-onboarding.ts";
import { randomText } from "../../shared/runtime/random-text.ts";
import type { ConnectPageEnv } from "./env.schema.ts";
import type { OnboardingLinksDeps } from "./onboarding-links.ts";

export interface ConnectPageWorld extends OnboardingStoresWorld {
  readonly changes: FeedChanges;
}

/**
 * Everything that the page needs of onboarding, from settings and clients: once per cold start.
 *
 * @throws {ConfigError} for a partner URL that keys must not be sent to.
 */
export function createDeps(env: ConnectPageEnv, world: ConnectPageWorld): OnboardingLinksDeps {
  const { changes, clock } = world;
  return {
    ...onboardingStores(env, world),
    prover: createKeyProver(env, clock),
    changes,
    clock,
    randomText,
  };
}
