/** The file in which a person keeps where each stage's API is. It holds no secret. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import { UsageError } from "../../start/usage-error.ts";

export type Env = Readonly<Record<string, string | undefined>>;

const StageSchema = z.strictObject({
  url: z.string(),
  region: z.string().optional(),
  profile: z.string().optional(),
  tokenFile: z.string().optional(),
  /** Of the ingest queue. */
  queueUrl: z.string().optional(),
});

export const StageFileSchema = z.strictObject({ stages: z.record(z.string(), StageSchema).default({}) });

export type StageSettings = z.output<typeof StageSchema>;
export type StageFile = z.output<typeof StageFileSchema>;

/** `FEEDCTL_CONFIG`, else `feedctl/config.json` where the system keeps a person's settings. */
export function stageFilePath(env: Env): string {
  const home = env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config");
  return env["FEEDCTL_CONFIG"] || join(home, "feedctl", "config.json");
}

/** @returns no stages where there is no file. */
export function readStageFile(env: Env): StageFile {
  const path = stageFilePath(env);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { stages: {} };
    throw new UsageError(`cannot read ${path} (${codeOf(error)})`);
  }
  const result = StageFileSchema.safeParse(jsonIn(text));
  if (result.success) return result.data;
  const place = result.error.issues[0]?.path.join(".");
  throw new UsageError(`${path} is not as feedctl stages set writes it${place ? `: see ${place}` : ""}`);
}

export function writeStageFile(file: StageFile, env: Env): void {
  const path = stageFilePath(env);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`cannot write ${path} (${codeOf(error)})`);
  }
}

/** @throws {UsageError} for a stage that the file does not have. */
export function stageIn({ stages }: StageFile, name: string): StageSettings {
  const stage = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (stage) return stage;
  const known = Object.keys(stages);
  throw new UsageError(
    `the stage ${name} is not known${known.length > 0 ? `, only ${known.join(", ")}` : ""}: ` +
      `tell its address once, by feedctl stages set ${name} --url URL`,
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}
