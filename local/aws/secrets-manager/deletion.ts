import * as z from "zod";
import { action, SecretIdSchema } from "./action.ts";
import { epochSeconds } from "./secret.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";

const DEFAULT_RECOVERY_WINDOW_DAYS = 30;
const DAY_MS = 86_400_000;

export const deleteSecret = action(
  z.object({
    SecretId: SecretIdSchema,
    RecoveryWindowInDays: z.int().optional(),
    ForceDeleteWithoutRecovery: z.boolean().default(false),
  }),
  ({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }, store) => {
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined) {
      throw new SecretsManagerError(
        "InvalidParameterException",
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    const days = RecoveryWindowInDays ?? DEFAULT_RECOVERY_WINDOW_DAYS;
    if (days < 7 || days > 30) {
      throw new SecretsManagerError(
        "InvalidParameterException",
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
      );
    }
    if (ForceDeleteWithoutRecovery) {
      // Succeeds for a secret that is deleted, or was never there.
      const secret = store.find(SecretId);
      if (secret !== undefined) store.remove(secret);
      const { arn, name } = secret ?? { arn: store.newArn(SecretId), name: SecretId };
      return { ARN: arn, Name: name, DeletionDate: epochSeconds(store.now()) };
    }
    const secret = store.getActive(SecretId);
    secret.deletionAtMs = store.now() + days * DAY_MS;
    return { ARN: secret.arn, Name: secret.name, DeletionDate: epochSeconds(secret.deletionAtMs) };
  },
);

export const restoreSecret = action(z.object({ SecretId: SecretIdSchema }), ({ SecretId }, store) => {
  const secret = store.get(SecretId);
  delete secret.deletionAtMs;
  return { ARN: secret.arn, Name: secret.name };
});
