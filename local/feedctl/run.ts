import { CommanderError } from "commander";
import { InterruptedError } from "./api/errors.ts";
import { EXIT } from "./exit-codes.ts";
import { failureOf } from "./failures.ts";
import { createProgram } from "./program.ts";
import type { World } from "./session.ts";
import { tellFailure } from "./tell-failure.ts";

/**
 * Runs one command.
 *
 * @returns the exit code.
 * @throws faults of feedctl's own.
 */
export async function run(args: readonly string[], world: World): Promise<number> {
  const { program, session } = createProgram(world);
  try {
    await program.parseAsync(args, { from: "user" });
    session.tellNotes();
    return session.exitCode;
  } catch (thrown) {
    // Whatever broke when somebody asked to end, broke by it.
    const isByIt = world.interrupted.aborted && !(thrown instanceof InterruptedError);
    const error = isByIt ? new InterruptedError({ wasSent: false }) : thrown;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const failure = failureOf(error, world.watched.requestId());
    if (!failure) throw error;
    // What cannot be parsed may stand before the option.
    const isJson = (session.options.json ?? false) || args.includes("--json");
    // For people the help has been shown in place of a command that is missing.
    const isTold = error instanceof CommanderError && error.code === "commander.help" && !isJson;
    if (!isTold) tellFailure(failure, world.stderr, { isJson, notes: session.takeNotes() });
    return failure.code;
  }
}
