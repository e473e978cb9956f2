import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WorkerConfig, WorkerReport } from "./work.ts";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Milliseconds that a worker has to end by itself: longer than any invocation runs. */
const STOP_MS = 40_000;

interface Worker {
  readonly config: WorkerConfig;
  readonly process: ChildProcess;
  /** Resolves when it polls, or has ended before it did. */
  readonly ready: Promise<unknown>;
  /** Resolves when the process has ended and said all that it had to say. */
  readonly gone: Promise<unknown>;
  /** Event ids of its running invocations. */
  readonly running: Map<number, readonly string[]>;
}

/** The workers of one scenario, and what they reported. */
export class WorkerFleet {
  /** Records that invocations were handed. */
  received = 0;
  /** Invocations that threw, timed out or answered nonsense. */
  failedInvocations = 0;
  /** Workers that ended though nobody told them to. */
  crashes = 0;
  /** Events that SQS handed to another invocation too, or that were with an invocation when it was killed. */
  readonly handedTwice = new Set<string>();
  readonly #workers: Worker[] = [];
  readonly #onLog: (line: string) => void;
  #isStopping = false;

  constructor(onLog: (line: string) => void) {
    this.#onLog = onLog;
  }

  /** Starts workers. @returns when all of them poll. */
  async start(configs: readonly WorkerConfig[]): Promise<void> {
    this.#workers.push(...configs.map((config) => this.#fork(config)));
    await Promise.all(this.#workers.map(({ ready }) => ready));
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Ends a worker in the middle of whatever it does, and starts another in its place. */
  async kill(index: number): Promise<void> {
    const worker = this.#workers[index];
    if (!worker || this.#isStopping) return;
    this.#workers[index] = this.#fork(worker.config, worker);
    await worker.gone;
  }

  /** Lets every worker finish what it does. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(
      this.#workers.map(async ({ process, gone }) => {
        if (process.connected) process.send("stop", () => {});
        const timer = setTimeout(() => process.kill("SIGKILL"), STOP_MS);
        await gone;
        clearTimeout(timer);
      }),
    );
  }

  #fork(config: WorkerConfig, killed?: Worker): Worker {
    killed?.process.kill("SIGKILL");
    const child = fork(WORKER, [JSON.stringify(config)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const ready = Promise.withResolvers<void>();
    const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]);
    const worker: Worker = {
      config,
      process: child,
      ready: ready.promise,
      gone: ended,
      running: new Map(),
    };
    child.on("message", (report) => {
      if ((report as WorkerReport).kind === "ready") ready.resolve();
      else this.#take(report as WorkerReport, worker);
    });
    ended.then(() => {
      ready.resolve();
      for (const ids of worker.running.values()) for (const id of ids) this.handedTwice.add(id);
      const index = this.#workers.indexOf(worker);
      if (index < 0 || this.#isStopping) return;
      this.crashes++;
      this.#workers[index] = this.#fork(config);
    });
    return worker;
  }

  #take(report: WorkerReport, worker: Worker): void {
    switch (report.kind) {
      case "began":
        this.received += report.records;
        worker.running.set(report.invocation, report.ids);
        break;
      case "ended":
        worker.running.delete(report.invocation);
        if (report.failed) this.failedInvocations++;
        break;
      case "shared":
        for (const id of report.ids) this.handedTwice.add(id);
        break;
      case "log":
        this.#onLog(report.line);
        break;
    }
  }
}
