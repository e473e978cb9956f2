import { InterruptedError } from "./api/errors.ts";
import { createWatchedFetch } from "./api/watched-fetch.ts";
import { ownFailure } from "./failures.ts";
import { run } from "./run.ts";
import { tellFailure } from "./tell-failure.ts";
import { watchLostOutput } from "./terminal/lost-output.ts";

const interrupt = new AbortController();
// Once: whoever asks twice wants it to end at once.
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => interrupt.abort(new InterruptedError({ wasSent: false })));

const args = process.argv.slice(2);
watchLostOutput(process, (sentence) => {
  const failure = ownFailure("output_lost", sentence);
  tellFailure(failure, process.stderr, { isJson: args.includes("--json") });
  process.exitCode = failure.code;
});

const code = await run(args, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interrupted: interrupt.signal,
  watched: createWatchedFetch(interrupt.signal),
  nowMs: Date.now,
});
process.exitCode ??= code;
