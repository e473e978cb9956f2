import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import {
  action,
  ClientRequestTokenSchema,
  NameSchema,
  SecretIdSchema,
  secretValue,
  secretValueFields,
  TagsSchema,
} from "./action.ts";
import { commonDescription, type Secret, versionIdsToStages } from "./secret.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";
import { AWSCURRENT, putVersion } from "./versions.ts";

const describedFields = {
  ClientRequestToken: ClientRequestTokenSchema.optional(),
  Description: z.string().max(2048).optional(),
  KmsKeyId: z.string().max(2048).optional(),
  ...secretValueFields,
};

export const createSecret = action(
  z.object({ Name: NameSchema, Tags: TagsSchema.optional(), ...describedFields }),
  (input, store) => {
    const value = secretValue(input);
    const existing = store.find(input.Name);
    if (existing?.deletionAtMs !== undefined) {
      throw new SecretsManagerError(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing !== undefined) {
      const version = existing.versions.get(input.ClientRequestToken ?? "");
      // A repeated request, after a lost answer say, succeeds without doing anything.
      if (version !== undefined && isDeepStrictEqual(version.value, value))
        return created(existing, version.id);
      throw new SecretsManagerError(
        "ResourceExistsException",
        `The operation failed because the secret ${input.Name} already exists.`,
      );
    }
    const secret = store.add(input.Name);
    for (const { Key, Value } of input.Tags ?? []) secret.tags.set(Key, Value);
    return describeAndPut(secret, input, store.now());
  },
);

export const updateSecret = action(
  z.object({ SecretId: SecretIdSchema, ...describedFields }),
  (input, store) => describeAndPut(store.getActive(input.SecretId), input, store.now()),
);

/** Works in the recovery window too. */
export const describeSecret = action(z.object({ SecretId: SecretIdSchema }), ({ SecretId }, store) => {
  const secret = store.get(SecretId);
  return { ...commonDescription(secret), VersionIdsToStages: versionIdsToStages(secret) };
});

type DescribedInput = z.output<z.ZodObject<typeof describedFields>>;

function describeAndPut(secret: Secret, input: DescribedInput, atMs: number): Record<string, unknown> {
  const value = secretValue(input);
  const version =
    value &&
    putVersion(secret, { value, clientRequestToken: input.ClientRequestToken, stages: [AWSCURRENT], atMs });
  if (input.Description !== undefined) secret.description = input.Description;
  if (input.KmsKeyId !== undefined) secret.kmsKeyId = input.KmsKeyId;
  secret.lastChangedAtMs = atMs;
  return created(secret, version?.id);
}

function created(secret: Secret, versionId: string | undefined): Record<string, unknown> {
  return { ARN: secret.arn, Name: secret.name, ...(versionId !== undefined && { VersionId: versionId }) };
}
