import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parseOptions } from "../../../local/start/options.ts";
import { run } from "../../../local/start/run.ts";

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "local-run-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A file of the given text that is gone after the test. */
export function file(text: string, name = "file"): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

/** A run with these options, to its end. */
export async function runWith(...args: string[]) {
  const options = parseOptions(args);
  if (options === "help") throw new Error("These options only ask for help");
  const said: string[] = [];
  const summary = await run(options, new AbortController().signal, {
    say: (line) => void said.push(line),
    progress: () => {},
  });
  return { summary, said };
}
