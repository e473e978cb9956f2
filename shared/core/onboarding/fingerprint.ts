import { createHash } from "node:crypto";
import type { Credentials } from "../tenant.schema.ts";

/** Hexadecimal digits of a fingerprint: enough to tell keys apart, for people to compare. */
const FINGERPRINT_DIGITS = 16;

/** SHA-256 of an API key, hexadecimal. mParticle draws keys at random, so that none is found from its hash by trying. */
export function keyHashOf(apiKey: string): string {
  return sha256("api-key", apiKey);
}

/** What people are told of a key. */
export function fingerprintOf(keyHash: string): string {
  return keyHash.slice(0, FINGERPRINT_DIGITS);
}

/**
 * Version of a feed's secret that holds these keys, 64 characters. The same keys have the same version: stored again, after an answer
 * that got lost, they do not replace themselves, and what they replaced is still there to go back to.
 */
export function secretVersionOf(
  { tenantId, feedId }: { readonly tenantId: string; readonly feedId: string },
  { apiKey, apiSecret }: Credentials,
): string {
  return sha256("secret-version", tenantId, feedId, apiKey, apiSecret);
}

function sha256(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
