import { rmSync } from "node:fs";
import { PROJECT } from "./paths.ts";
import { runCommand } from "./run-command.ts";

/** The emulator that the deployed test was written against: which gaps it has depends on its version. */
const MINISTACK = "ministack==1.3.30";

/** Something that this machine lacks and `npm ci` does not bring. */
export class MissingPrerequisiteError extends Error {
  override readonly name = "MissingPrerequisiteError";
}

/**
 * Installs the emulator into a Python environment of its own, unless an earlier run did: `.e2e/` keeps it.
 *
 * @returns Path of the `ministack` command.
 * @throws {MissingPrerequisiteError} One line about what is missing.
 */
export async function installMiniStack(): Promise<string> {
  const environment = `${PROJECT}.e2e/${MINISTACK.replace("==", "-")}`;
  const command = `${environment}/bin/ministack`;
  const run = (file: string, ...args: string[]) => runCommand(file, args, { cwd: PROJECT, env: process.env });
  // An install that broke off, or whose Python has gone since, is made anew.
  const usable = await run(command, "--help").then(
    () => true,
    () => false,
  );
  if (usable) return command;

  rmSync(environment, { recursive: true, force: true });
  await orMissing("python3, which is not on the PATH", run("python3", "--version"));
  await orMissing(
    "python3's venv module (on Debian: apt install python3-venv)",
    run("python3", "-m", "venv", environment),
  );
  await orMissing(
    `the Python package ${MINISTACK}, which pip could not install`,
    run(`${environment}/bin/pip`, "install", "--quiet", "--disable-pip-version-check", MINISTACK),
  );
  return command;
}

async function orMissing(what: string, attempt: Promise<void>): Promise<void> {
  try {
    await attempt;
  } catch (cause) {
    throw new MissingPrerequisiteError(`The deployed test needs an AWS emulator, and for that ${what}.`, {
      cause,
    });
  }
}
