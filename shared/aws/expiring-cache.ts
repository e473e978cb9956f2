import type { Clock } from "../ports.ts";

/** Names kept at most; the one unused for longest goes first. */
const MAX_ENTRIES = 10_000;

interface Entry<Value> {
  readonly value: Promise<Value>;
  readAtMs: number;
  expiresAtMs: number;
}

/** Milliseconds after a failed read until the next one where an old value serves. */
const RETRY_MS = 5_000;

export interface ExpiringCacheOptions<Value> {
  /** Milliseconds for which a value that was read is fresh. */
  readonly ttlMs: (value: Value) => number;
  /**
   * Milliseconds since its reading for which a value serves while it cannot be read again. That there was none, undefined,
   * does not serve. @default 0, not at all
   */
  readonly staleMs?: number;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Values by name, each read at most once at a time. A failed read is not kept. */
export class ExpiringCache<Value> {
  readonly #options: ExpiringCacheOptions<Value>;
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(options: ExpiringCacheOptions<Value>) {
    this.#options = options;
  }

  /** The value of a name, from memory while fresh. @throws what `read` throws. */
  get(name: string, read: () => Promise<Value>): Promise<Value> {
    const nowMs = this.#options.clock.nowMs();
    const known = this.#entries.get(name);
    this.#entries.delete(name);
    const entry = known && known.expiresAtMs > nowMs ? known : this.#start(name, read, nowMs, known);
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

  #start(
    name: string,
    read: () => Promise<Value>,
    nowMs: number,
    old: Entry<Value> | undefined,
  ): Entry<Value> {
    const { ttlMs, staleMs = 0 } = this.#options;
    const fresh = read();
    const mayServe = old !== undefined && nowMs - old.readAtMs < staleMs;
    const value = mayServe ? fresh.catch((error: unknown) => valueOr(old, error)) : fresh;
    const entry: Entry<Value> = { value, readAtMs: nowMs, expiresAtMs: Number.POSITIVE_INFINITY };
    fresh.then(
      (read) => {
        entry.expiresAtMs = nowMs + ttlMs(read);
      },
      () => {
        if (!mayServe) return;
        entry.readAtMs = old.readAtMs;
        entry.expiresAtMs = nowMs + RETRY_MS;
      },
    );
    value.then(
      () => {},
      () => {
        if (this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    );
    return entry;
  }
}

async function valueOr<Value>(old: Entry<Value>, error: unknown): Promise<Value> {
  const value = await old.value;
  if (value === undefined) throw error;
  return value;
}
