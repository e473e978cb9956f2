import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../start/usage-error.ts";
import { apiUrl } from "../../api/api-url.ts";
import { queueUrlInOutputs, urlInOutputs } from "../../api/stack-outputs.ts";
import { readStageFile, stageFilePath, writeStageFile } from "../../api/stage-file.ts";
import type { Session } from "../../session.ts";

const HELP = `
Takes --url or --outputs, and if they are to be the stage's own --region,
--profile and --token-file. No secret is stored.

Examples:
  cdk deploy --all -c stage=production --outputs-file outputs.json
  feedctl stages set production --outputs outputs.json --profile acme-prod
  feedctl stages set production --profile acme-prod \\
    --url https://abc123.execute-api.eu-west-1.amazonaws.com`;

export const setStage = (session: Session) =>
  new Command("set")
    .description("Remember where a stage's API is, and how to prove there who calls.")
    .argument("<stage>", "what --stage is to call it")
    .addHelpText("after", HELP)
    .option("--outputs <file>", "take the address from what cdk deploy --outputs-file wrote")
    .action((stage, { outputs }) => {
      const { env } = session.world;
      const { url, region, profile, tokenFile } = session.options;
      if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(stage))
        throw new UsageError('a stage is named by letters, digits, "_", "." and "-"');
      const queueUrl = outputs === undefined ? undefined : queueUrlInOutputs(outputs);
      const settings = {
        url: addressOf(url, outputs),
        ...(queueUrl !== undefined && { queueUrl }),
        ...(region !== undefined && { region }),
        ...(profile !== undefined && { profile }),
        ...(tokenFile !== undefined && { tokenFile: resolve(tokenFile) }),
      };
      const file = readStageFile(env);
      writeStageFile({ stages: { ...file.stages, [stage]: settings } }, env);
      session.answer(undefined, settings, () => `${stage} is in ${stageFilePath(env)}\n`);
    });

function addressOf(url: string | undefined, outputs: string | undefined): string {
  if ((url === undefined) === (outputs === undefined))
    throw new UsageError("where is the stage's API? Say either --url or --outputs");
  if (url !== undefined) return apiUrl(url, "--url");
  return apiUrl(urlInOutputs(outputs ?? ""), outputs ?? "");
}
