import { createOnboardingClient, type OnboardingClient } from "../../../shared/client/onboarding-client.ts";
import { UsageError } from "../../start/usage-error.ts";
import { apiUrl } from "./api-url.ts";
import { type AccessOptions, authenticationFor } from "./authenticate.ts";
import { ownAnswersOf } from "./own-answers.ts";
import { type Env, readStageFile, type StageSettings, stageFilePath, stageIn } from "./stage-file.ts";

export interface ConnectOptions extends AccessOptions {
  readonly url?: string | undefined;
  readonly stage?: string | undefined;
}

/**
 * A client of the API that options, environment and stage file name.
 *
 * @throws {UsageError} where they name none, or no way to prove who calls.
 */
export function connect(options: ConnectOptions, env: Env, fetch: typeof globalThis.fetch): OnboardingClient {
  const { url, stage } = findApi(options, env);
  const authenticate = authenticationFor(url, options, stage, env);
  return ownAnswersOf(createOnboardingClient({ url, authenticate, fetch }), url);
}

function findApi(
  { url, stage }: ConnectOptions,
  env: Env,
): { readonly url: string; readonly stage: Partial<StageSettings> } {
  if (url !== undefined && stage !== undefined) throw new UsageError("--url and --stage exclude each other");
  if (url !== undefined) return { url: apiUrl(url, "--url"), stage: {} };
  if (stage === undefined && env["FEEDCTL_URL"])
    return { url: apiUrl(env["FEEDCTL_URL"], "FEEDCTL_URL"), stage: {} };
  const name = stage ?? env["FEEDCTL_STAGE"];
  if (!name)
    throw new UsageError(
      "where is the API? Say --url, --stage, FEEDCTL_URL or FEEDCTL_STAGE; feedctl --help tells how to find the address",
    );
  const settings = stageIn(readStageFile(env), name);
  return { url: apiUrl(settings.url, `url of ${name} in ${stageFilePath(env)}`), stage: settings };
}
