import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** A process with all that it starts itself. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  signal(signal: NodeJS.Signals): void;
}

/** Starts a process in a group of its own, which is killed when this process exits before it. */
export function startGroup(file: string, args: readonly string[], options: SpawnOptions): ProcessGroup {
  const child = spawn(file, args, { ...options, detached: true });
  const signal = (name: NodeJS.Signals) => signalGroup(child.pid, name);
  const kill = () => signal("SIGKILL");
  // Before whoever removes its files.
  process.prependOnceListener("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return { child, signal };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // No such group: all of it has ended.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
