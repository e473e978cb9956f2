#!/usr/bin/env node
/**
 * Starts feedctl under a Node that runs its TypeScript: this one, or else the one that the project brings along.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import("./main.ts");
} else {
  const node = createRequire(import.meta.url).resolve("node/bin/node");
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal interrupts both: this one waits for what the other says to it. Others send to this one alone.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`feedctl: cannot start ${node} (${error.message}); run npm ci\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal !== null) process.kill(process.pid, signal);
    process.exitCode = code ?? 1;
  });
}
