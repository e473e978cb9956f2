import { InterruptedError } from "./api/errors.ts";
import { createWatchedFetch } from "./api/watched-fetch.ts";
import { run } from "./run.ts";

const interrupt = new AbortController();
// Once: whoever asks twice wants it to end at once.
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => interrupt.abort(new InterruptedError({ wasSent: false })));

// Whoever reads has seen enough, as `head` has.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interrupted: interrupt.signal,
  watched: createWatchedFetch(interrupt.signal),
  nowMs: Date.now,
});
