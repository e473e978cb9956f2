import type { PreviewAnswer } from "../../shared/api/preview.schema.ts";
import { PreviewTally } from "../feedctl/preview-tally.ts";
import { counted } from "../feedctl/show/counted.ts";
import { showPreview } from "../feedctl/show/preview.ts";
import { showPreviewSummary } from "../feedctl/show/preview-summary.ts";
import type { Paper } from "../feedctl/terminal/paper.ts";
import type { DryRun } from "./dry-run.ts";

export function formatDryRun(
  { remarks, feeds, others, unreadable }: DryRun,
  { isSummary }: { readonly isSummary: boolean },
  paper: Paper,
): string {
  const remarked = remarks.map(
    ({ tenantId, feedId, pointer, message }) => `${tenantId}/${feedId}: ${pointer.slice(1)} ${message}\n`,
  );
  const parts = feeds.map(({ tenantId, feedId, mode, lines, ...answer }) => {
    const title = paper.paint("bold", `${tenantId}/${feedId}${mode === "auto" ? "" : `, mode ${mode}`}`);
    const by = lines ? "line" : "event";
    const shown = isSummary
      ? showPreviewSummary(summaryOf(answer, lines), by, paper)
      : showPreview(answer, { withBatches: false, by, ...(lines && { numbers: lines }) }, paper);
    return `${title}\n\n${shown}`;
  });
  const more = others.map(
    ({ line, ending, reason, events }) => `line ${line}: ${counted(events, "event")} ${ending}: ${reason}`,
  );
  const ends = [...more, ...unreadable].map((line) => `${line}\n`);
  return [remarked.join(""), ...parts, ends.join("")].filter((part) => part !== "").join("\n");
}

/** The document of `--json`. */
export function dryRunDocument(run: DryRun, { isSummary }: { readonly isSummary: boolean }): object {
  if (!isSummary) return run;
  const feeds = run.feeds.map(({ tenantId, feedId, mode, lines, ...answer }) => ({
    tenantId,
    feedId,
    mode,
    ...summaryOf(answer, lines),
  }));
  return { ...run, feeds };
}

function summaryOf(answer: PreviewAnswer, lines?: readonly number[]) {
  const tally = new PreviewTally();
  tally.add(answer, lines);
  return tally.summary();
}
