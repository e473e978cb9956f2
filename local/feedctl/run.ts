import { CommanderError } from "commander";
import { InterruptedError } from "./api/errors.ts";
import { EXIT } from "./exit-codes.ts";
import { failureOf, verificationIn } from "./failures.ts";
import { createProgram } from "./program.ts";
import type { World } from "./session.ts";
import { showVerification } from "./show/verification.ts";
import { paperOf } from "./terminal/paper.ts";

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
    return session.exitCode;
  } catch (thrown) {
    // Whatever broke when somebody asked to end, broke by it.
    const isByIt = world.interrupted.aborted && !(thrown instanceof InterruptedError);
    const error = isByIt ? new InterruptedError({ wasSent: false }) : thrown;
    if (error instanceof CommanderError && isHelp(error))
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const failure = failureOf(error, world.watched.requestId());
    if (!failure) throw error;
    world.stderr.write(`feedctl: ${failure.line}\n`);
    const verification = verificationIn(error);
    if (verification) world.stderr.write(showVerification(verification, paperOf(world.stderr)));
    return failure.code;
  }
}

function isHelp({ code }: CommanderError): boolean {
  return code === "commander.helpDisplayed" || code === "commander.help" || code === "commander.version";
}
