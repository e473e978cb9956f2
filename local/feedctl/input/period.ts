import { UsageError } from "../../start/usage-error.ts";
import { instant } from "./instants.ts";

export interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * `--from` and `--to`.
 *
 * @throws {UsageError} for one that ends before it begins.
 */
export function period(options: { readonly from: string; readonly to: string }, nowMs: number): Period {
  const from = instant("--from", options.from, nowMs);
  const to = instant("--to", options.to, nowMs);
  if (from >= to) throw new UsageError("--from must be before --to");
  return { from, to };
}
