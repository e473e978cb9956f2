import { readFileSync } from "node:fs";
import { withSignature, withToken } from "../../../shared/client/authentication.ts";
import type { Authentication } from "../../../shared/client/onboarding-client.ts";
import { UsageError } from "../../start/usage-error.ts";
import { regionIn } from "./api-url.ts";
import { AccessError } from "./errors.ts";
import type { Env, StageSettings } from "./stage-file.ts";

export interface AccessOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/**
 * How feedctl proves who calls: what an option names, else what the stage names, else a token of the environment, else the AWS SDK's
 * own chain of credentials.
 *
 * @throws {UsageError} Never quoting a token.
 */
export function authenticationFor(
  url: string,
  options: AccessOptions,
  stage: Partial<StageSettings>,
  env: Env,
): Authentication {
  if (options.profile !== undefined && options.tokenFile !== undefined)
    throw new UsageError("--profile and --token-file exclude each other");
  const isChosen = options.profile !== undefined || options.tokenFile !== undefined;
  const { profile, tokenFile } = isChosen ? options : stage;
  if (profile !== undefined) return signed(url, profile, options, stage, env);
  if (tokenFile !== undefined) return withToken(tokenInFile(tokenFile));
  if (env["FEEDCTL_TOKEN"]) return withToken(tokenIn(env["FEEDCTL_TOKEN"], "FEEDCTL_TOKEN"));
  if (env["FEEDCTL_TOKEN_FILE"]) return withToken(tokenInFile(env["FEEDCTL_TOKEN_FILE"]));
  return signed(url, undefined, options, stage, env);
}

function signed(
  url: string,
  profile: string | undefined,
  options: AccessOptions,
  stage: Partial<StageSettings>,
  env: Env,
): Authentication {
  const region =
    options.region ?? stage.region ?? regionIn(url) ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (region === undefined)
    throw new UsageError("the region is not known: tell it by --region or AWS_REGION, or set FEEDCTL_TOKEN");
  return withSignature({ region, credentials: () => awsCredentials(profile, region) });
}

/** Loaded when it is needed: the chain is larger than all of feedctl. */
async function awsCredentials(profile: string | undefined, region: string) {
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  const provide = fromNodeProviderChain({
    ...(profile !== undefined && { profile }),
    clientConfig: { region },
  });
  try {
    return await provide();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AccessError(`no AWS credentials: ${why}; choose some by --profile, or set FEEDCTL_TOKEN`);
  }
}

function tokenInFile(path: string): string {
  try {
    return tokenIn(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    throw new UsageError(`cannot read the token in ${path} (${code})`);
  }
}

function tokenIn(text: string, source: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError(`${source} holds no token: one line of text without spaces`);
}
