import { keyHashOf } from "../../shared/core/onboarding/fingerprint.ts";
import type { VerifyRequest } from "../../shared/core/verify-request.schema.ts";
import type { CredentialStore } from "../../shared/ports.ts";
import type { KeyProver, StoredKeyProof } from "../../shared/ports-onboarding.ts";

export interface VerifyDeps {
  readonly credentials: CredentialStore;
  readonly prover: KeyProver;
}

/** Tests the keys that are stored for a feed. null: there are none. Nothing of the keys is told but the hash of one. */
export async function verifyFeed(
  { tenantId, feedId, ...feed }: VerifyRequest,
  { credentials, prover }: VerifyDeps,
): Promise<StoredKeyProof | null> {
  const stored = await credentials.find(tenantId, feedId);
  if (!stored) return null;
  const outcome = await prover.prove(feed, stored);
  return { outcome, secretVersion: stored.version, keyHash: keyHashOf(stored.apiKey) };
}
