import * as z from "zod";
import {
  action,
  ClientRequestTokenSchema,
  SecretIdSchema,
  secretValue,
  secretValueFields,
  VersionStageSchema,
} from "./action.ts";
import { epochSeconds, type Secret, type SecretVersion, startOfDay } from "./secret.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";
import { AWSCURRENT, putVersion, stagedVersion } from "./versions.ts";

export const getSecretValue = action(
  z.object({
    SecretId: SecretIdSchema,
    VersionId: z.string().optional(),
    VersionStage: VersionStageSchema.optional(),
  }),
  ({ SecretId, VersionId, VersionStage }, store) => {
    const secret = store.getActive(SecretId);
    const version = findVersion(secret, VersionId, VersionStage);
    secret.lastAccessedAtMs = startOfDay(store.now());
    version.lastAccessedAtMs = secret.lastAccessedAtMs;
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: [...version.stages],
      CreatedDate: epochSeconds(version.createdAtMs),
      ...version.value,
    };
  },
);

export const putSecretValue = action(
  z.object({
    SecretId: SecretIdSchema,
    ClientRequestToken: ClientRequestTokenSchema.optional(),
    VersionStages: z.array(VersionStageSchema).min(1).max(20).optional(),
    ...secretValueFields,
  }),
  (input, store) => {
    const secret = store.getActive(input.SecretId);
    const value = secretValue(input);
    if (value === undefined) {
      throw new SecretsManagerError(
        "InvalidRequestException",
        "You must provide either SecretString or SecretBinary.",
      );
    }
    const version = putVersion(secret, {
      value,
      clientRequestToken: input.ClientRequestToken,
      stages: input.VersionStages ?? [AWSCURRENT],
      atMs: store.now(),
    });
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
  },
);

function findVersion(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  if (id === undefined) {
    const staged = stagedVersion(secret, stage ?? AWSCURRENT);
    if (staged !== undefined) return staged;
    throw valueNotFound(`staging label: ${stage ?? AWSCURRENT}`);
  }
  const version = secret.versions.get(id);
  if (version === undefined) throw valueNotFound(`VersionId: ${id}`);
  if (stage === undefined || version.stages.has(stage)) return version;
  throw new SecretsManagerError(
    "InvalidRequestException",
    "You provided a VersionStage that is not associated to the provided VersionId.",
  );
}

function valueNotFound(what: string): SecretsManagerError {
  return new SecretsManagerError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret value for ${what}`,
  );
}
