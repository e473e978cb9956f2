import { type Options, SingleBar } from "cli-progress";
import type { Paper } from "./paper.ts";

export interface Progress {
  /** @param share - Of the whole, 0 to 1. */
  update(share: number, text: string): void;
  /** Takes the bar off the screen, so that what is said next stands on a line of its own. */
  stop(): void;
}

/** A bar on a terminal; elsewhere a line for each update. */
export function startProgress(stream: NodeJS.WriteStream, { paint }: Paper): Progress {
  if (!stream.isTTY) return { update: (_share, text) => void stream.write(`${text}\n`), stop() {} };
  const bar = new SingleBar(barOptions(stream, paint));
  bar.start(1, 0, { text: "" });
  return {
    update: (share, text) => bar.update(Math.min(1, Math.max(0, share)), { text }),
    stop: () => bar.stop(),
  };
}

function barOptions(stream: NodeJS.WriteStream, paint: Paper["paint"]): Options {
  return {
    stream,
    format: `${paint("green", "{bar}")} {percentage} %  {text}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    // The terminal's size and Ctrl-C are handled where all of feedctl's are.
    gracefulExit: false,
  };
}
