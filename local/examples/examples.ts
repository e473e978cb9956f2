import { readFileSync } from "node:fs";
import type { z } from "zod";
import type { Credentials, FeedSchema } from "../../shared/core/tenant.schema.ts";

/** One entry of a `--tenants` file: a tenant, its feeds and, beside each feed's settings, its key and secret. */
export interface TenantEntry {
  readonly tenantId: string;
  readonly feeds: readonly (z.input<typeof FeedSchema> & Credentials)[];
}

/** The "now" for which the times in `messages.ndjson` were written. */
const WRITTEN_FOR_MS = Date.parse("2026-01-15T12:00:00.000Z");

const ISO_INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g;
/** Epoch milliseconds or, of ten digits, seconds. */
const EPOCH_FIELD = /(?<="timestamp(?:_unixtime_ms)?":)\d+/g;

/**
 * The bundled example messages, one SQS body each, with every time moved so that the newest event is three minutes old
 * at `nowMs`; others are days or weeks older and show the historical path.
 *
 * They are text because one is not JSON: what becomes of each is in `expected-endings.ts`.
 */
export function exampleMessages(nowMs: number): string[] {
  const shiftMs = nowMs - WRITTEN_FOR_MS;
  return read("messages.ndjson")
    .replace(ISO_INSTANT, (instant) => new Date(Date.parse(instant) + shiftMs).toISOString())
    .replace(EPOCH_FIELD, (digits) =>
      String(Math.round(digits.length === 10 ? Number(digits) + shiftMs / 1000 : Number(digits) + shiftMs)),
    )
    .trimEnd()
    .split("\n");
}

/** The two tenants whose messages the examples are, with keys that open nothing. */
export function exampleTenants(): TenantEntry[] {
  return JSON.parse(read("tenants.json"));
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
