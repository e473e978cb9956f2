import * as z from "zod";
import { action, SecretIdSchema, VersionStageSchema } from "./action.ts";
import { page, pageFields } from "./paging.ts";
import { epochSeconds, type Secret, type SecretVersion } from "./secret.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";
import { AWSCURRENT, moveStage, stagedVersion } from "./versions.ts";

export const listSecretVersionIds = action(
  z.object({ SecretId: SecretIdSchema, IncludeDeprecated: z.boolean().optional(), ...pageFields }),
  (input, store) => {
    const secret = store.get(input.SecretId);
    const versions = [...secret.versions.values()].filter(
      ({ stages }) => input.IncludeDeprecated === true || stages.size > 0,
    );
    const { items, NextToken } = page(versions, input);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Versions: items.map(listed),
      ...(NextToken && { NextToken }),
    };
  },
);

export const updateSecretVersionStage = action(
  z.object({
    SecretId: SecretIdSchema,
    VersionStage: VersionStageSchema,
    RemoveFromVersionId: z.string().optional(),
    MoveToVersionId: z.string().optional(),
  }),
  ({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }, store) => {
    const secret = store.getActive(SecretId);
    const from = stagedVersion(secret, VersionStage);
    const to = MoveToVersionId === undefined ? undefined : existing(secret, MoveToVersionId);
    // Naming where a label is guards against two writers moving it at once.
    if (from?.id !== RemoveFromVersionId && from !== to) {
      throw new SecretsManagerError(
        "InvalidParameterException",
        `The parameter RemoveFromVersionId must name the version that the staging label ${VersionStage} is attached to.`,
      );
    }
    if (to !== undefined) moveStage(secret, VersionStage, to);
    else if (VersionStage !== AWSCURRENT) from?.stages.delete(VersionStage);
    else {
      throw new SecretsManagerError(
        "InvalidParameterException",
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      );
    }
    secret.lastChangedAtMs = store.now();
    return { ARN: secret.arn, Name: secret.name };
  },
);

function existing(secret: Secret, versionId: string): SecretVersion {
  const version = secret.versions.get(versionId);
  if (version !== undefined) return version;
  throw new SecretsManagerError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret version: ${versionId}`,
  );
}

function listed({ id, stages, createdAtMs, lastAccessedAtMs }: SecretVersion): Record<string, unknown> {
  return {
    VersionId: id,
    VersionStages: [...stages],
    CreatedDate: epochSeconds(createdAtMs),
    ...(lastAccessedAtMs !== undefined && { LastAccessedDate: epochSeconds(lastAccessedAtMs) }),
  };
}
