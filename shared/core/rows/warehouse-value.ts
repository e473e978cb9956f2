/** Values as warehouses and their clients write them. */
import { isWithoutZone } from "../convert/time.ts";

/** JSON text, as semi-structured columns are exported, as what it holds; any other value as it is. */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  const isJson = (text.startsWith("{") && text.endsWith("}")) || (text.startsWith("[") && text.endsWith("]"));
  if (!isJson) return value;
  try {
    return JSON.parse(text, withAllDigits);
  } catch {
    return value;
  }
}

/** For `JSON.parse`: a whole number of more digits than a number here holds stays text. */
export function withAllDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  const isRounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** BigQuery's client writes dates and times as `{"value": "2026-11-24"}`. */
export function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const [name, ...others] = Object.keys(value);
  const inner = (value as Readonly<Record<string, unknown>>)["value"];
  return name === "value" && others.length === 0 && typeof inner === "string" ? inner : value;
}

/** A warehouse's time in a form that `readInstant` knows. */
export interface WarehouseTime {
  readonly value: unknown;
  /** It names no zone, though it is a date. */
  readonly isWithoutZone: boolean;
}

/** Dates and times with and without zone, and epochs in micro- and nanoseconds as some warehouses count them. */
export function warehouseTime(given: unknown): WarehouseTime {
  const value = unwrapped(given);
  if (typeof value === "number") return { value: inMilliseconds(value), isWithoutZone: false };
  if (typeof value !== "string") return { value, isWithoutZone: false };
  const text = value.trim();
  if (/^\d{16,19}$/.test(text)) return { value: inMilliseconds(Number(text)), isWithoutZone: false };
  return { value: text, isWithoutZone: isWithoutZone(text) };
}

/** Instants of this century have 13 digits in milliseconds, 16 in microseconds, 19 in nanoseconds. */
function inMilliseconds(epoch: number): number {
  if (epoch >= 1e18) return Math.floor(epoch / 1e6);
  return epoch >= 1e15 ? Math.floor(epoch / 1e3) : epoch;
}
