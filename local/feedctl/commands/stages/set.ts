import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../start/usage-error.ts";
import { apiUrl } from "../../api/api-url.ts";
import { readStageFile, stageFilePath, writeStageFile } from "../../api/stage-file.ts";
import type { Session } from "../../session.ts";

const HELP = `
Takes --url, and if they are to be the stage's own --region, --profile and --token-file. No secret is stored.

Example:
  feedctl stages set production --url https://abc123.execute-api.eu-west-1.amazonaws.com --profile acme-prod`;

export const setStage = (session: Session) =>
  new Command("set")
    .description("Remember where a stage's API is, and how to prove there who calls.")
    .argument("<stage>", "what --stage is to call it")
    .addHelpText("after", HELP)
    .action((stage) => {
      const { env } = session.world;
      const { url, region, profile, tokenFile } = session.options;
      if (url === undefined) throw new UsageError("where is the stage's API? Say --url");
      if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(stage))
        throw new UsageError('a stage is named by letters, digits, "_", "." and "-"');
      const settings = {
        url: apiUrl(url, "--url"),
        ...(region !== undefined && { region }),
        ...(profile !== undefined && { profile }),
        ...(tokenFile !== undefined && { tokenFile }),
      };
      const file = readStageFile(env);
      writeStageFile({ stages: { ...file.stages, [stage]: settings } }, env);
      session.answer(undefined, settings, () => `${stage} is in ${stageFilePath(env)}\n`);
    });
