import { type Findings, note } from "./findings.ts";
import { utcInstant } from "./utc-instant.ts";

/** What an event says about its time, by how much each is to be believed. */
interface Times {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
  readonly receivedAt?: unknown;
}

const SOURCES = ["timestamp", "originalTimestamp", "sentAt", "receivedAt"] as const;

/** 2001-09-09T01:46:40Z: the first instant with 13 digits. Anything earlier is a number of another kind. */
const EARLIEST_MS = 1e12;

/** How far a sender's clock may run ahead of the queue's. */
const MAX_AHEAD_MS = 86_400_000;

const EPOCH = /^\d{1,16}(?:\.\d+)?$/;
/**
 * Date, time, seconds, fraction and zone; all but the date may be absent, and the separators are the loose ones too. The hour may
 * lack its zero, as in spreadsheets, and the zone's name stand beside its offset: in brackets (RFC 9557), as in Java, or after it
 * (`+0000 UTC`, `+0200 CEST`, `-0300 -03`), as in Go, which adds the clock of its process (`m=+0.1`). AM and PM are no zones.
 */
const ISO_8601 =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d{1,2}:\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?(?:(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?:\[[^\]]*\]| (?![AP]M\b)(?:[A-Z]{2,5}|[+-]\d\d(?:\d\d)?)(?: m=[+-][\d.]+)?)?)?$/i;

/**
 * When an event happened: the first of its times that is readable and plausible, else when the queue took its message.
 * The current time never matters, so that a redelivered event keeps its time.
 *
 * @param sentAtMs - The message's SentTimestamp.
 * @returns Epoch milliseconds, an integer.
 */
export function readTime(times: Times, sentAtMs: number, findings: Findings): number {
  for (const source of SOURCES) {
    const time = readInstant(times[source], source, sentAtMs, findings);
    if (time !== undefined) return time;
  }
  return sentAtMs;
}

/**
 * Reads ISO 8601 (without a zone: UTC), epoch milliseconds or epoch seconds, the latter two also from text.
 *
 * @returns Epoch milliseconds, an integer; undefined when absent, and with a finding when unreadable, before
 * {@link EARLIEST_MS}, or more than {@link MAX_AHEAD_MS} after `sentAtMs`.
 */
export function readInstant(
  value: unknown,
  path: string,
  sentAtMs: number,
  findings: Findings,
): number | undefined {
  if (value === undefined || value === null) return undefined;
  let ms = millisecondsOf(value);
  const inSeconds = ms >= 1e9 && ms < 1e10;
  if (inSeconds) ms *= 1000;
  if (ms >= EARLIEST_MS && ms <= sentAtMs + MAX_AHEAD_MS) {
    if (inSeconds) note(findings, "timestamp_in_seconds", path);
    return Math.floor(ms);
  }
  note(findings, "timestamp_invalid", path);
  return undefined;
}

/**
 * Any instant in the forms of {@link readInstant}, however long ago: a birthday too.
 *
 * @returns Epoch milliseconds; NaN: unreadable.
 */
export function instantOf(value: unknown): number {
  const ms = millisecondsOf(value);
  return ms >= 1e9 && ms < 1e10 && !isIso(value) ? ms * 1000 : ms;
}

function millisecondsOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? parseText(value.trim()) : Number.NaN;
}

function isIso(value: unknown): boolean {
  return typeof value === "string" && !EPOCH.test(value.trim());
}

function parseText(text: string): number {
  const instant = utcInstant(text);
  if (!Number.isNaN(instant)) return instant;
  if (EPOCH.test(text)) return Number(text);
  const parts = ISO_8601.exec(text);
  if (!parts) return Number.NaN;
  const [, date, time = "00:00", seconds = "00", fraction = "", zone = "Z"] = parts;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  return utcInstant(`${date}T${time.padStart(5, "0")}:${seconds}.${milliseconds}Z`) - offsetMs(zone);
}

/** Whether text is a date that names no zone. */
export function isWithoutZone(text: string): boolean {
  const parts = ISO_8601.exec(text);
  return parts !== null && parts[5] === undefined;
}

/** Of `Z`, `UTC`, `GMT`, `+02`, `+0200` or `+02:00`. */
function offsetMs(zone: string): number {
  if (!/\d/.test(zone)) return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
