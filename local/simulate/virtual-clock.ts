import type { Clock } from "../../shared/ports.ts";

/**
 * A clock that jumps from one planned instant to the next. All code that waits for nothing but this clock runs as it would in real
 * time, in whole milliseconds, and in the same order in every run.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #tasks = new Map<number, (() => void)[]>();
  /** The instants that have tasks: a binary heap. */
  readonly #instants: number[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#nowMs + ms, resolve));
  }

  /** Plans a task. One for the past runs next. */
  at(atMs: number, task: () => void): void {
    const instant = Math.max(this.#nowMs, Math.ceil(atMs));
    const tasks = this.#tasks.get(instant);
    if (tasks) {
      tasks.push(task);
      return;
    }
    this.#tasks.set(instant, [task]);
    push(this.#instants, instant);
  }

  /** Lets time pass until an instant, or for as long as something is true. */
  async run(untilMs: number, goesOn: () => boolean = () => true): Promise<void> {
    await everythingThatCanRun();
    for (let next = this.#instants[0]; next !== undefined && next <= untilMs; next = this.#instants[0]) {
      if (!goesOn()) return;
      pop(this.#instants);
      this.#nowMs = next;
      const tasks = this.#tasks.get(next) ?? [];
      this.#tasks.delete(next);
      for (const task of tasks) task();
      await everythingThatCanRun();
    }
    if (goesOn()) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}

/** Promises go on between two turns of the event loop, all of them. */
function everythingThatCanRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function push(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (above <= value) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = value;
}

function pop(heap: number[]): void {
  const value = heap.pop();
  if (value === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if ((heap[child + 1] ?? Number.POSITIVE_INFINITY) < (heap[child] ?? 0)) child++;
    const below = heap[child] ?? 0;
    if (below >= value) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = value;
}
