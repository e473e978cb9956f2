import { Command } from "@commander-js/extra-typings";
import { readStageFile, stageFilePath, stageIn, writeStageFile } from "../../api/stage-file.ts";
import type { Session } from "../../session.ts";

export const removeStage = (session: Session) =>
  new Command("remove")
    .description("Forget a stage's address. The stage itself stays as it is.")
    .argument("<stage>", "as --stage calls it")
    .action((stage) => {
      const { env } = session.world;
      const file = readStageFile(env);
      stageIn(file, stage);
      const { [stage]: _, ...stages } = file.stages;
      writeStageFile({ stages }, env);
      session.answer(
        undefined,
        { stage, removed: true },
        () => `${stage} is no more in ${stageFilePath(env)}\n`,
      );
    });
