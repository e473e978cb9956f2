import * as z from "zod";
import type { SecretValue } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";

/** One operation of the API, from a parsed JSON input to the output to be written as JSON. */
export type Action = (input: unknown, store: SecretStore) => Record<string, unknown>;

/** Checks the input before the operation runs. @throws {SecretsManagerError} ValidationException */
export function action<Input>(
  schema: z.ZodType<Input>,
  run: (input: Input, store: SecretStore) => Record<string, unknown>,
): Action {
  return (input, store) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data, store);
    // Paths and rules only: zod's messages quote no value of a string field.
    throw new SecretsManagerError("ValidationException", z.prettifyError(parsed.error));
  };
}

export const SecretIdSchema = z.string().min(1).max(2048);
export const NameSchema = z.string().regex(/^[A-Za-z0-9/_+=.@!-]{1,512}$/);
export const ClientRequestTokenSchema = z.string().min(32).max(64);
export const TagsSchema = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));
export const VersionStageSchema = z.string().min(1).max(256);

/** Both optional here, since what their absence means differs: {@link secretValue}. */
export const secretValueFields = {
  SecretString: z.string().min(1).max(65_536).optional(),
  SecretBinary: z.base64().min(1).optional(),
};

/** @throws {SecretsManagerError} InvalidParameterException when both kinds are given. */
export function secretValue(input: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}): SecretValue | undefined {
  const { SecretString, SecretBinary } = input;
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new SecretsManagerError(
      "InvalidParameterException",
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (SecretString !== undefined) return { SecretString };
  if (SecretBinary !== undefined) return { SecretBinary };
  return undefined;
}
