import { startGroup } from "./process-group.ts";

export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
}

/** Characters of a failed command's output that its error shows. */
const SHOWN_OUTPUT = 4_000;

/**
 * Runs a command to its end.
 *
 * @throws {Error} With the end of its output when it cannot start or does not exit with 0.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<void> {
  const { child } = startGroup(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", reject).on("close", resolve);
  const code = await promise;
  if (code !== 0)
    throw new Error(`${file} ${args[0] ?? ""} ended with ${code}:\n${output.slice(-SHOWN_OUTPUT)}`);
}
