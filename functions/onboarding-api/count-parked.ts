import { MAX_MESSAGE_IDS, type ParkedQuery } from "../../shared/api/parked.schema.ts";
import { nameOf } from "../../shared/core/error-name.ts";
import { eventsIn, hourOf } from "../../shared/core/hour.ts";
import { isBad, type ParkedLine } from "../../shared/core/parked-line.ts";
import type { ParkedFolder, ParkedRef } from "../../shared/core/parked-object.ts";
import type { ParkedStore } from "../../shared/ports-parked.ts";
import { parkedObjects } from "../../shared/requeue/parked-objects.ts";
import { cursorOf, placeOf } from "./cursor.ts";
import type { OnboardingDeps } from "./use-case.ts";

/** Objects read at once, and for one answer. */
const OBJECTS_AT_ONCE = 8;
const MAX_OBJECTS = 200;

/** Milliseconds that the last objects of an answer may take. */
const LAST_STEPS_MS = 15_000;

/** Places of these lists: instants of parking. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export interface ParkedCount {
  readonly feedId?: string;
  readonly hour: string;
  /** Code of the first reason, or the cause. */
  readonly code: string;
  readonly events: number;
  readonly messageIds: string[];
}

export interface ParkedPage {
  readonly counts: readonly ParkedCount[];
  readonly unreadable: number;
  readonly next?: string;
}

export interface ParkedCountRequest {
  readonly ending: ParkedFolder["ending"];
  readonly tenantId: string;
  readonly query: ParkedQuery;
}

/**
 * Counts what lies in the bucket of a tenant, oldest objects first, as far as an answer may take: the next page goes on with the time
 * after it. Of the events themselves nothing is told.
 */
export async function countParked(
  { ending, tenantId, query }: ParkedCountRequest,
  remainingMs: () => number,
  deps: Pick<OnboardingDeps, "parked" | "log">,
): Promise<ParkedPage> {
  const from = placeOf(query.cursor, INSTANT) ?? query.from;
  const { to, feedId } = query;
  const request = { tenantId, from, to, ...(feedId !== undefined && { feedId }) };
  const count = new ParkedCounter(query, deps);
  let taken = 0;
  let chunk: ParkedRef[] = [];
  for await (const ref of parkedObjects(ending, request, deps.parked)) {
    const isNewInstant = ref.parkedAtMs !== chunk.at(-1)?.parkedAtMs;
    // Objects parked in the same millisecond are taken together: a page begins with an instant.
    if (chunk.length >= OBJECTS_AT_ONCE && isNewInstant) {
      await count.take(chunk);
      chunk = [];
    }
    if (chunk.length === 0 && taken > 0 && (taken >= MAX_OBJECTS || remainingMs() < LAST_STEPS_MS))
      return { ...count.page(), next: cursorOf(new Date(ref.parkedAtMs).toISOString()) };
    chunk.push(ref);
    taken++;
  }
  await count.take(chunk);
  return count.page();
}

class ParkedCounter {
  readonly #counts = new Map<string, ParkedCount & { events: number }>();
  readonly #code: string | undefined;
  readonly #store: ParkedStore;
  readonly #log: OnboardingDeps["log"];
  #unreadable = 0;

  constructor({ code }: ParkedQuery, { parked, log }: Pick<OnboardingDeps, "parked" | "log">) {
    this.#code = code;
    this.#store = parked;
    this.#log = log;
  }

  async take(refs: readonly ParkedRef[]): Promise<void> {
    const lines = await Promise.all(refs.map((ref) => this.#linesOf(ref)));
    for (const [i, ref] of refs.entries()) for (const line of lines[i] ?? []) this.#count(ref, line);
  }

  page(): ParkedPage {
    const counts = [...this.#counts.values()].sort(
      (a, b) => a.hour.localeCompare(b.hour) || b.events - a.events || a.code.localeCompare(b.code),
    );
    return { counts, unreadable: this.#unreadable };
  }

  async #linesOf(ref: ParkedRef): Promise<ParkedLine[]> {
    const lines: ParkedLine[] = [];
    let isUnreadable = false;
    try {
      for await (const line of this.#store.lines(ref)) {
        if (isBad(line)) isUnreadable = true;
        else lines.push(line);
      }
    } catch (error) {
      this.#log.error("A parked object cannot be read", { key: ref.key, error: nameOf(error) });
      isUnreadable = true;
    }
    if (isUnreadable) this.#unreadable++;
    return lines;
  }

  #count({ folder, parkedAtMs }: ParkedRef, line: ParkedLine): void {
    const code = folder.cause ?? line.code;
    if (this.#code !== undefined && code !== this.#code) return;
    const { feedId } = folder;
    const hour = hourOf(parkedAtMs);
    const key = `${feedId ?? ""} ${hour} ${code}`;
    const count = this.#counts.get(key) ?? {
      ...(feedId !== undefined && { feedId }),
      hour,
      code,
      events: 0,
      messageIds: [],
    };
    count.events += eventsIn(line.hours);
    const { messageIds } = count;
    if (messageIds.length < MAX_MESSAGE_IDS && !messageIds.includes(line.sqsMessageId))
      messageIds.push(line.sqsMessageId);
    this.#counts.set(key, count);
  }
}
