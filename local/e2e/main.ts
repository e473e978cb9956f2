/**
 * `npm run e2e`: proves a deployment. The state and service stacks go with the real CDK to an AWS emulator on this
 * machine, and the main job runs through what was deployed.
 *
 * The last line is `N passed, N failed`. Exit codes: 0 all passed, 1 something failed, 3 this machine lacks what the
 * emulator needs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Checks } from "./checks.ts";
import { deployedTest } from "./deployed-test.ts";
import { installMiniStack, MissingPrerequisiteError } from "./install-ministack.ts";

const startedMs = performance.now();
const progress = (line: string) => {
  console.log(`[${((performance.now() - startedMs) / 1000).toFixed(0).padStart(3)} s] ${line}`);
};
const checks = new Checks(console.log);
const workDir = mkdtempSync(join(tmpdir(), "connector-e2e-"));
// Tries again: what was killed a moment ago may still be closing a file.
process.once("exit", () => rmSync(workDir, { recursive: true, force: true, maxRetries: 5 }));
// Ending by process.exit() ends the emulator and its functions too.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
try {
  progress("Installing the AWS emulator, unless an earlier run did");
  const ministack = await installMiniStack();
  await deployedTest({ ministack, workDir, checks, progress });
} catch (error) {
  if (error instanceof MissingPrerequisiteError) {
    console.error(error.message);
    process.exitCode = 3;
  } else {
    checks.fail("the run gets to its end", error);
  }
}
if (process.exitCode !== 3) {
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  process.exitCode = checks.failed === 0 ? 0 : 1;
}
