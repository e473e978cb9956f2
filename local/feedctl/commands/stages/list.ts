import { Command } from "@commander-js/extra-typings";
import { readStageFile, type StageSettings, stageFilePath } from "../../api/stage-file.ts";
import type { Session } from "../../session.ts";
import { formatTable } from "../../terminal/table.ts";

type Row = StageSettings & { readonly name: string };

export const listStages = (session: Session) =>
  new Command("list").description("List the stages that --stage knows.").action(() => {
    const { env } = session.world;
    session.answer(undefined, readStageFile(env), ({ stages }, paper) => {
      const rows = Object.entries(stages).map(([name, stage]) => ({ name, ...stage }));
      if (rows.length === 0) return `no stages in ${stageFilePath(env)}\n`;
      return formatTable<Row>(
        [
          { title: "stage", value: ({ name }) => name },
          { title: "url", value: ({ url }) => url },
          { title: "region", value: ({ region }) => region },
          { title: "profile", value: ({ profile }) => profile },
          { title: "token file", value: ({ tokenFile }) => tokenFile },
        ],
        rows,
        paper,
      );
    });
  });
