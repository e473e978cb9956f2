import { readFileSync } from "node:fs";
import type { RequestLine } from "../stand-in/request-line.ts";
import { PROJECT } from "./paths.ts";
import { runCommand } from "./run-command.ts";

/**
 * Runs the examples through the local run, in a process of its own.
 *
 * @param nowMs - The instant for which the examples' times are moved.
 * @returns Every request that its stand-in received.
 */
export async function referenceRun(
  nowMs: number,
  workDir: string,
): Promise<Pick<RequestLine, "apiKey" | "path" | "status" | "body">[]> {
  const dump = `${workDir}/reference.ndjson`;
  const options = ["--now", new Date(nowMs).toISOString(), "--dump", dump, "--json"];
  await runCommand(process.execPath, ["local/start/main.ts", ...options], { cwd: PROJECT, env: process.env });
  return readFileSync(dump, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
