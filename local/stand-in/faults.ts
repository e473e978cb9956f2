/** Faults that the stand-in injects by chance: what a network and a busy service do to a sender. */

/** `written`: mParticle took the request before it failed, which the sender cannot see. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly written: boolean; readonly bare: boolean }
  /** The connection is reset instead of answered. */
  | { readonly kind: "reset"; readonly written: boolean }
  /** The request is never answered. */
  | { readonly kind: "timeout"; readonly written: boolean }
  /** 202, and nothing is taken: what no sender can see. */
  | { readonly kind: "drop" };

export interface Faults {
  /** Each fault with the share of requests that meet it; the shares add up to 1 at most. */
  readonly shares: readonly { readonly fault: Fault; readonly share: number }[];
  /** Wait before each request is judged, drawn evenly from this range of milliseconds. */
  readonly latencyMs: readonly [min: number, max: number];
  /** What an injected 429 asks for. @default 1 */
  readonly retryAfterSeconds?: number;
}

export const NO_FAULTS: Faults = { shares: [], latencyMs: [0, 0] };

const STATUSES = [400, 401, 403, 408, 413, 429, 500, 502, 503, 504];

/** Each name of a specification with the faults among which its share is divided evenly. */
const FAULTS_BY_NAME = new Map<string, readonly Fault[]>([
  ...STATUSES.map((status) => [`${status}`, [statusFault(status)]] as const),
  // Answers that leave it open whether the request was taken.
  ...[408, 500, 502, 503, 504].map((s) => [`${s}-after`, [statusFault(s, { written: true })]] as const),
  // Both headers of a 429 are optional.
  ["429-bare", [statusFault(429, { bare: true })]],
  ["drop", [{ kind: "drop" }]],
  ...(["reset", "timeout"] as const).flatMap(
    (kind) =>
      [
        [`${kind}-before`, [{ kind, written: false }]],
        [`${kind}-after`, [{ kind, written: true }]],
        [
          kind,
          [
            { kind, written: false },
            { kind, written: true },
          ],
        ],
      ] as const,
  ),
]);

/**
 * Reads a fault specification: `name:share` parts, at most one `latency:ms` or `latency:min-max` and at most one
 * `retry-after:seconds` (of an injected 429), joined by commas, for example
 * `429:0.1,503:0.05,reset:0.02,timeout:0.01,latency:20-80`.
 *
 * Names: the statuses 400, 401, 403, 408, 413, 429, 500, 502, 503, 504 (nothing is taken); `429-bare` (a 429 without
 * its headers); `408-after` and `500-after` to `504-after` (taken, then answered so); `reset-before`, `reset-after`,
 * `timeout-before`, `timeout-after` (before: not taken; after: taken); `reset` and `timeout` (half of each); `drop` (a 202,
 * and nothing is taken).
 *
 * @throws {Error} One line that names the part which cannot be read.
 */
export function parseFaults(spec: string): Faults {
  const shares: { fault: Fault; share: number }[] = [];
  let latencyMs = NO_FAULTS.latencyMs;
  let retryAfterSeconds: number | undefined;
  const seen = new Set<string>();
  for (const part of spec.split(",").map((text) => text.trim())) {
    const [, name, value] = /^([^:]+):([^:]+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) throw new Error(`Fault "${part}" is not "name:share".`);
    if (seen.has(name)) throw new Error(`Fault "${part}": "${name}" is given twice.`);
    seen.add(name);
    if (name === "latency") {
      latencyMs = parseLatency(part, value);
      continue;
    }
    if (name === "retry-after") {
      if (!/^\d+$/.test(value)) throw new Error(`Fault "${part}": the time is not a number of seconds.`);
      retryAfterSeconds = Number(value);
      continue;
    }
    const faults = FAULTS_BY_NAME.get(name);
    if (!faults) {
      throw new Error(
        `Fault "${part}" is unknown; known are ${[...FAULTS_BY_NAME.keys(), "latency", "retry-after"].join(", ")}.`,
      );
    }
    const share = parseShare(part, value);
    shares.push(...faults.map((fault) => ({ fault, share: share / faults.length })));
  }
  const sum = shares.reduce((total, { share }) => total + share, 0);
  // Shares are decimal fractions, so that their binary sum may miss 1 by a hair.
  if (sum > 1 + 1e-9) throw new Error(`Faults "${spec}": the shares add up to more than 1.`);
  return { shares, latencyMs, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** The fault that one request meets, if any. @param random - One draw from [0, 1). */
export function drawFault({ shares }: Faults, random: () => number): Fault | undefined {
  if (shares.length === 0) return undefined;
  let left = random();
  for (const { fault, share } of shares) {
    if (left < share) return fault;
    left -= share;
  }
  return undefined;
}

/** The milliseconds that one request waits. @param random - One draw from [0, 1), where the range is one. */
export function drawLatencyMs({ latencyMs: [min, max] }: Faults, random: () => number): number {
  return min === max ? min : min + random() * (max - min);
}

function statusFault(status: number, { written = false, bare = false } = {}): Fault {
  return { kind: "status", status, written, bare };
}

function parseShare(part: string, value: string): number {
  const share = /^(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  if (!(share >= 0 && share <= 1)) throw new Error(`Fault "${part}": the share is not a number from 0 to 1.`);
  return share;
}

function parseLatency(part: string, value: string): readonly [number, number] {
  const [, min, max = min] = /^(\d+)(?:-(\d+))?$/.exec(value) ?? [];
  const range = [Number(min), Number(max)] as const;
  if (!(range[0] <= range[1])) throw new Error(`Fault "${part}": the latency is not "ms" or "min-max".`);
  return range;
}
