import { nameOf } from "../core/error-name.ts";
import type { Clock } from "../ports.ts";

/** Milliseconds for which a table that failed is left alone: a call that hangs would cost everybody who asks its time-out. */
export const TABLE_REST_MS = 5_000;

/** The table, or the part of it that holds one item, has too much to do: others may be well, and who asks is told so at once. */
const OVERLOAD_ERRORS = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
]);

/** What one call was told is no word about the table. */
export function isOverload(error: unknown): boolean {
  return OVERLOAD_ERRORS.has(nameOf(error));
}

/** The short rest of a table that failed. */
export class TableRest {
  readonly #clock: Pick<Clock, "nowMs">;
  #untilMs = 0;

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  get isResting(): boolean {
    return this.#clock.nowMs() < this.#untilMs;
  }

  begin(): void {
    this.#untilMs = this.#clock.nowMs() + TABLE_REST_MS;
  }
}
