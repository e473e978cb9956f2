/**
 * The documented limits of one batch. What the server does with a batch over a limit is documented for over-long names
 * of events and event attributes only: they are cut. For the rest the documentation says that the request may fail;
 * here the batch does, so that a sender who relies on more is found out.
 *
 * @see https://docs.mparticle.com/guides/default-service-limits/
 */
import {
  MAX_LIST_ENTRIES,
  MAX_LIST_ENTRY_LENGTH,
  MAX_NAME_LENGTH,
  MAX_USER_ATTRIBUTES,
  MAX_VALUE_LENGTH,
} from "../../shared/core/limits.ts";
import type { WireBatch, WireEvent } from "./wire-batch.ts";

/** Bytes of one batch. Documented: 128 KB; chosen: a KB is 1000 bytes, the stricter reading. */
const MAX_BATCH_BYTES = 128_000;

/** Attributes of one event as sent; the one that mParticle adds itself is not counted against the sender. */
const MAX_EVENT_ATTRIBUTES = 100;

/**
 * The first limit that a batch breaks, in words that name a field and a limit but never a value.
 *
 * @param requestBytes - Bytes of the body that the batch came in, an upper bound of its own.
 */
export function brokenLimit(batch: WireBatch, requestBytes: number): string | undefined {
  if (requestBytes > MAX_BATCH_BYTES && Buffer.byteLength(JSON.stringify(batch)) > MAX_BATCH_BYTES) {
    return `the batch is over ${MAX_BATCH_BYTES} bytes`;
  }
  const problem = brokenUserAttributeLimit(batch.user_attributes ?? {});
  if (problem !== undefined) return `user_attributes ${problem}`;
  for (const [i, event] of (batch.events ?? []).entries()) {
    const problem = brokenEventAttributeLimit(event.data.custom_attributes ?? {});
    if (problem !== undefined) return `events[${i}].data.custom_attributes ${problem}`;
  }
  return undefined;
}

/** Names of an event that mParticle cuts: its own and those of its attributes. */
export function countCutNames({ data }: WireEvent): number {
  const names = [data.event_name, data.screen_name, ...Object.keys(data.custom_attributes ?? {})];
  return names.filter((name) => name !== undefined && name.length > MAX_NAME_LENGTH).length;
}

function brokenUserAttributeLimit(attributes: NonNullable<WireBatch["user_attributes"]>): string | undefined {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_USER_ATTRIBUTES) return `has over ${MAX_USER_ATTRIBUTES} attributes`;
  for (const [name, value] of entries) {
    if (name.length > MAX_NAME_LENGTH) return `has a name over ${MAX_NAME_LENGTH} characters`;
    if (isOver(value, MAX_VALUE_LENGTH)) return `has a value over ${MAX_VALUE_LENGTH} characters`;
    if (!Array.isArray(value)) continue;
    if (value.length > MAX_LIST_ENTRIES) return `has a list over ${MAX_LIST_ENTRIES} entries`;
    if (value.some((entry) => isOver(entry, MAX_LIST_ENTRY_LENGTH))) {
      return `has a list entry over ${MAX_LIST_ENTRY_LENGTH} characters`;
    }
  }
  return undefined;
}

function brokenEventAttributeLimit(attributes: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(attributes);
  if (names.length > MAX_EVENT_ATTRIBUTES) {
    // The limit is on unique names, and names that differ only where they are cut are one.
    const unique = new Set(names.map((name) => name.slice(0, MAX_NAME_LENGTH)));
    if (unique.size > MAX_EVENT_ATTRIBUTES) return `has over ${MAX_EVENT_ATTRIBUTES} attributes`;
  }
  if (names.some((name) => isOver(attributes[name], MAX_VALUE_LENGTH))) {
    return `has a value over ${MAX_VALUE_LENGTH} characters`;
  }
  return undefined;
}

function isOver(value: unknown, maxLength: number): boolean {
  return typeof value === "string" && value.length > maxLength;
}
