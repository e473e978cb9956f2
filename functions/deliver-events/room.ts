/** Room for so many calls at once. What is due goes before what can wait: a grant is worth something at its instant only. */
export class Room {
  readonly #due: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(calls: number) {
    this.#free = calls;
  }

  /** Runs a task when there is room for it. */
  async run<Value>(task: () => Promise<Value>, { isDue = false } = {}): Promise<Value> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => (isDue ? this.#due : this.#waiting).push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#due.shift() ?? this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
