import { createHash } from "node:crypto";
import type { Credentials } from "../tenant.schema.ts";

/** Hexadecimal digits of a fingerprint: enough to tell keys apart, for people to compare. */
const FINGERPRINT_DIGITS = 16;

/** 32 hexadecimal digits, some with the region before them: what mParticle gives out. */
const REGION_AND_DIGITS = /^(?:[a-z]{2}\d-)?([0-9a-f]{32})$/i;

/**
 * SHA-256 of an API key, hexadecimal. mParticle draws keys at random, so that none is found from its hash by trying.
 *
 * Whether mParticle minds capital letters or the region is not documented. So one key has one hash however it is written: who has it
 * cannot be told that it is free because it was typed in otherwise. Two keys that differ in nothing else are not drawn.
 */
export function keyHashOf(apiKey: string): string {
  return sha256("api-key", REGION_AND_DIGITS.exec(apiKey)?.[1]?.toLowerCase() ?? apiKey);
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
