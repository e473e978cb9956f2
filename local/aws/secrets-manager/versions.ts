import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Secret, SecretValue, SecretVersion } from "./secret.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";

export const AWSCURRENT = "AWSCURRENT";
const AWSPREVIOUS = "AWSPREVIOUS";

export interface NewVersion {
  readonly value: SecretValue;
  /** Becomes the version's id; the same token with the same value changes nothing. */
  readonly clientRequestToken: string | undefined;
  readonly stages: readonly string[];
  readonly atMs: number;
}

/**
 * Adds a version and moves the staging labels to it.
 *
 * @throws {SecretsManagerError} ResourceExistsException when the token already stands for another value.
 */
export function putVersion(
  secret: Secret,
  { value, clientRequestToken, stages, atMs }: NewVersion,
): SecretVersion {
  const id = clientRequestToken ?? randomUUID();
  const existing = secret.versions.get(id);
  if (existing !== undefined) {
    if (isDeepStrictEqual(existing.value, value)) return existing;
    throw new SecretsManagerError(
      "ResourceExistsException",
      "You can't use ClientRequestToken of an existing version with other secret data.",
    );
  }
  const isFirst = secret.versions.size === 0;
  const version: SecretVersion = { id, value, createdAtMs: atMs, stages: new Set() };
  secret.versions.set(id, version);
  secret.lastChangedAtMs = atMs;
  for (const stage of isFirst ? new Set([...stages, AWSCURRENT]) : stages) moveStage(secret, stage, version);
  return version;
}

/** The version that carries a staging label. */
export function stagedVersion(secret: Secret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find(({ stages }) => stages.has(stage));
}

/** Moves a staging label; moving AWSCURRENT leaves AWSPREVIOUS on the version that it came from. */
export function moveStage(secret: Secret, stage: string, to: SecretVersion): void {
  const from = stagedVersion(secret, stage);
  if (from === to) return;
  from?.stages.delete(stage);
  to.stages.add(stage);
  if (stage === AWSCURRENT && from !== undefined) moveStage(secret, AWSPREVIOUS, from);
}
