import { UsageError } from "../../start/usage-error.ts";

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** An instant with its zone; or a day or an hour of UTC, as the ledger shows them. */
const ABSOLUTE = /^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?)?$/;

export const INSTANTS_HELP = `Instants: 2026-11-24T03:00:00Z, 2026-11-24T04:00+01:00, an hour or a day of UTC
(2026-11-24T03, 2026-11-24), so long ago (90m, 24h, 7d), or now.`;

/**
 * Reads an instant as people write it.
 *
 * @returns ISO 8601, UTC.
 */
export function instant(name: string, text: string, nowMs: number): string {
  const ms = millisecondsOf(text, nowMs);
  if (Number.isNaN(ms))
    throw new UsageError(`${name} must be an instant such as 2026-11-24T03:00:00Z, 2026-11-24, 24h or now`);
  return new Date(ms).toISOString();
}

function millisecondsOf(text: string, nowMs: number): number {
  if (text === "now") return nowMs;
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (unit !== undefined) return nowMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (!ABSOLUTE.test(text)) return Number.NaN;
  return Date.parse(/T\d{2}$/.test(text) ? `${text}:00Z` : text);
}
