import { CommanderError } from "commander";
import { InterruptedError } from "./api/errors.ts";
import { EXIT } from "./exit-codes.ts";
import { type Failure, failureOf, verificationIn } from "./failures.ts";
import { createProgram } from "./program.ts";
import type { Session, World } from "./session.ts";
import { showVerification } from "./show/verification.ts";
import { paperOf } from "./terminal/paper.ts";
import { printableJson } from "./terminal/printable.ts";

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
    if (session.options.json || args.includes("--json")) tellDocument(failure, session);
    else tellLine(failure, error, world);
    return failure.code;
  }
}

function tellDocument({ document }: Failure, session: Session): void {
  const notes = session.takeNotes();
  session.world.stderr.write(`${printableJson({ ...document, ...(notes.length > 0 && { notes }) })}\n`);
}

function tellLine({ line }: Failure, error: unknown, { stderr }: World): void {
  // The help has been shown in place of a command that is missing.
  if (error instanceof CommanderError && error.code === "commander.help") return;
  stderr.write(`feedctl: ${line}\n`);
  const verification = verificationIn(error);
  if (verification) stderr.write(showVerification(verification, paperOf(stderr)));
}
