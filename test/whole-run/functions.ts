import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const HOST = fileURLToPath(new URL("function-host.ts", import.meta.url));

export interface Invocation {
  readonly id: number;
  /** Folder of the function in `functions/`. */
  readonly name: string;
  readonly event: unknown;
}

export interface Invoked {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export interface Functions {
  /** @throws what the function threw. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Which function runs just now; of several, the one that the others wait for. */
  running(): string | undefined;
  /** All that they wrote to standard output and error: logs, and metrics in the embedded format. */
  output(): string;
  /** All segments that they sent to the daemon of X-Ray. */
  traces(): string;
  /** Ends the process and starts another: what was in memory is gone, as after a cold start. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the process in which all functions run. @param env - Theirs, and nothing else. */
export async function startFunctions(env: Readonly<Record<string, string>>): Promise<Functions> {
  const chunks: string[] = [];
  const segments: string[] = [];
  const daemon = createSocket("udp4", (message) => void segments.push(message.toString("utf8")));
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
  const waiting = new Map<number, (invoked: Invoked) => void>();
  const start = () => {
    const started = fork(HOST, {
      env: { ...LAMBDA, ...env, AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}` },
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [started.stdout, started.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => void chunks.push(chunk));
    started.on("message", (invoked: Invoked) => waiting.get(invoked.id)?.(invoked));
    return started;
  };
  let child = start();
  const end = async () => {
    const ended = once(child, "close");
    child.kill();
    await ended;
  };
  const stack: string[] = [];
  let count = 0;
  return {
    async invoke(name, event) {
      const id = ++count;
      const { promise, resolve } = Promise.withResolvers<Invoked>();
      waiting.set(id, resolve);
      stack.push(name);
      child.send({ id, name, event } satisfies Invocation);
      const { result, error } = await promise.finally(() => stack.pop());
      if (error !== undefined) throw new Error(error);
      return result;
    },
    running: () => stack.at(-1),
    output: () => chunks.join(""),
    traces: () => segments.join("\n"),
    async forget() {
      await end();
      child = start();
    },
    async close() {
      await end();
      const closed = once(daemon, "close");
      daemon.close();
      await closed;
    },
  };
}

/** What makes Powertools believe that this is Lambda, with a trace that is sampled. */
const LAMBDA = {
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_FUNCTION_NAME: "whole-run",
  LAMBDA_TASK_ROOT: "/var/task",
  _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
  // As the stack sets it: what an error says may quote an event.
  POWERTOOLS_TRACER_CAPTURE_ERROR: "false",
};
