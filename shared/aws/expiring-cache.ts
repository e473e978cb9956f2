import type { Clock } from "../ports.ts";

/** Names kept at most; the one unused for longest goes first. */
const MAX_ENTRIES = 10_000;

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly readAtMs: number;
  expiresAtMs: number;
}

/** Values by name, each read at most once at a time. A failed read is not kept. */
export class ExpiringCache<Value> {
  readonly #options: { ttlMs: (value: Value) => number; clock: Pick<Clock, "nowMs"> };
  readonly #entries = new Map<string, Entry<Value>>();

  /** @param options.ttlMs - Milliseconds for which a value that was read is fresh. */
  constructor(options: { ttlMs: (value: Value) => number; clock: Pick<Clock, "nowMs"> }) {
    this.#options = options;
  }

  /** The value of a name, from memory while fresh. @throws what `read` throws. */
  get(name: string, read: () => Promise<Value>): Promise<Value> {
    const nowMs = this.#options.clock.nowMs();
    const known = this.#entries.get(name);
    this.#entries.delete(name);
    const entry = known && known.expiresAtMs > nowMs ? known : this.#start(name, read, nowMs);
    this.#entries.set(name, entry);
    if (this.#entries.size > MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? "");
    return entry.value;
  }

  /** Milliseconds since the value in memory was asked for. Undefined: there is none. */
  ageMs(name: string): number | undefined {
    const entry = this.#entries.get(name);
    return entry && this.#options.clock.nowMs() - entry.readAtMs;
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  #start(name: string, read: () => Promise<Value>, nowMs: number): Entry<Value> {
    const value = read();
    const entry: Entry<Value> = { value, readAtMs: nowMs, expiresAtMs: Number.POSITIVE_INFINITY };
    value.then(
      (read) => {
        entry.expiresAtMs = nowMs + this.#options.ttlMs(read);
      },
      () => {
        if (this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    );
    return entry;
  }
}
