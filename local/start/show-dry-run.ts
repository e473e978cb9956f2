import { counted } from "../feedctl/show/counted.ts";
import { remarkLine } from "../feedctl/show/remarks.ts";
import type { Paper } from "../feedctl/terminal/paper.ts";
import type { DryRun } from "./dry-run.ts";

export function formatDryRun({ remarks, feeds, others, leftOut }: DryRun, paper: Paper): string {
  const remarked = remarks.map(
    ({ tenantId, feedId, ...remark }) =>
      `${tenantId}/${feedId}: ${remarkLine(remark, (pointer) => pointer.slice(1))}\n`,
  );
  const parts = feeds.map(({ tenantId, feedId, mode, preview }) => {
    const title = paper.paint("bold", `${tenantId}/${feedId}${mode === "auto" ? "" : `, mode ${mode}`}`);
    return `${title}\n\n${preview.show({ withBatches: false }, paper)}`;
  });
  const more = others.map(
    ({ line, ending, reason, events }) => `line ${line}: ${counted(events, "event")} ${ending}: ${reason}`,
  );
  const ends = [...more, ...leftOut.told()].map((line) => `${line}\n`);
  return [remarked.join(""), ...parts, ends.join("")].filter((part) => part !== "").join("\n");
}

/** The document of `--json`. */
export function dryRunDocument({ remarks, feeds, others, leftOut }: DryRun): object {
  return {
    remarks,
    feeds: feeds.map(({ tenantId, feedId, mode, preview }) => ({
      tenantId,
      feedId,
      mode,
      ...preview.document(),
    })),
    others,
    ...leftOut.document(),
  };
}
