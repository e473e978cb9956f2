#!/usr/bin/env node
/**
 * Starts feedctl under a Node that runs its TypeScript: this one, or else the one that the project brings along.
 */
import { spawn } from "node:child_process";
import module from "node:module";
import { fileURLToPath } from "node:url";

const MIN_NODE = 24;

if (Number.parseInt(process.versions.node, 10) >= MIN_NODE) {
  // Halves the time to start. Where it cannot be written, there is none.
  module.enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/feedctl", import.meta.url)));
  await import("./main.ts");
} else {
  const node = module.createRequire(import.meta.url).resolve("node/bin/node");
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  // A terminal interrupts both, and the other one says what is to be said. Whoever asks by a signal to end asks this one alone.
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
