import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const FEEDCTL = fileURLToPath(new URL("../../../local/feedctl/feedctl.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FeedctlOptions {
  /** Beside what a process cannot do without. Nothing of this process's own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A home that is not there: nobody's own settings. */
const ENV = { HOME: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" };

/** Starts feedctl as a process of its own, without a terminal. */
export function startFeedctl(args: readonly string[], { env = {} }: FeedctlOptions = {}) {
  return spawn(process.execPath, [FEEDCTL, ...args], {
    env: { ...ENV, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs feedctl with a file for its standard output. */
export async function feedctlInto(
  file: number,
  args: readonly string[],
  { env = {} }: FeedctlOptions = {},
): Promise<Omit<Ended, "stdout">> {
  const child = spawn(process.execPath, [FEEDCTL, ...args], {
    env: { ...ENV, ...env },
    stdio: ["ignore", file, "pipe"],
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr as Readable), once(child, "close")]);
  return { code: code as number | null, stderr };
}

/** Runs feedctl to its end. */
export async function feedctl(args: readonly string[], options: FeedctlOptions = {}): Promise<Ended> {
  const child = startFeedctl(args, options);
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number | null, stdout, stderr };
}
