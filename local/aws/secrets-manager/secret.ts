/** Exactly one of the two; binary is base64, as on the wire. */
export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAtMs: number;
  /** Staging labels; a version without any is deprecated. */
  readonly stages: Set<string>;
  lastAccessedAtMs?: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  /** By version id. */
  readonly versions: Map<string, SecretVersion>;
  readonly tags: Map<string, string>;
  description?: string;
  kmsKeyId?: string;
  lastChangedAtMs: number;
  lastAccessedAtMs?: number;
  /** End of the recovery window of a deleted secret. */
  deletionAtMs?: number;
}

/** How the JSON protocol writes a time. */
export function epochSeconds(atMs: number): number {
  return atMs / 1000;
}

/** Secrets Manager records the day of an access only. */
export function startOfDay(atMs: number): number {
  const dayMs = 86_400_000;
  return Math.floor(atMs / dayMs) * dayMs;
}

/** What Describe and List have in common, without the name that each gives to the versions. */
export function commonDescription(secret: Secret): Record<string, unknown> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
    CreatedDate: epochSeconds(secret.createdAtMs),
    LastChangedDate: epochSeconds(secret.lastChangedAtMs),
    ...(secret.lastAccessedAtMs !== undefined && { LastAccessedDate: epochSeconds(secret.lastAccessedAtMs) }),
    ...(secret.deletionAtMs !== undefined && { DeletedDate: epochSeconds(secret.deletionAtMs) }),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Staging labels by version id; deprecated versions are left out. */
export function versionIdsToStages(secret: Secret): Record<string, string[]> {
  const staged = [...secret.versions.values()].filter(({ stages }) => stages.size > 0);
  return Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]]));
}
