import type { ParkedRef } from "../../shared/core/parked-object.ts";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";
import type { Clock, Log, TenantStore } from "../../shared/ports.ts";
import type { ReplayAnswer } from "../../shared/ports-onboarding.ts";
import type { ParkedStore, ReleasePace } from "../../shared/ports-parked.ts";
import { parkedObjects } from "../../shared/requeue/parked-objects.ts";
import type { PutBack } from "../../shared/requeue/put-back.ts";
import { CountRejected } from "./count-rejected.ts";
import { PutBackRejected } from "./put-back-rejected.ts";

/** Objects taken up at once. */
const OBJECTS_AT_ONCE = 8;

/** Milliseconds that the last objects may take: sending, removing from the bucket, the ledger, repetitions included. */
const LAST_STEPS_MS = 20_000;

export interface ReplayDeps {
  readonly store: ParkedStore;
  readonly tenants: Pick<TenantStore, "find">;
  readonly pace: ReleasePace;
  readonly putBack: Pick<PutBack, "putBack">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
}

/** What is done with the objects that a request is about. */
export interface RejectedWork {
  /** @returns of each object, whether it is done with; if not, there is more to do with it later. */
  take(refs: readonly ParkedRef[]): Promise<readonly boolean[]>;
  finish(): Promise<Omit<ReplayAnswer, "continueFrom">>;
}

/**
 * Counts rejected events, or puts them back on the queue that they came from, with their message ids and times, to be
 * converted anew. Only one replay may be under way at a time.
 *
 * @param remainingMs - Milliseconds that the invocation may still take.
 * @throws when the bucket cannot be listed.
 */
export async function replayRejected(
  request: ReplayRequest,
  remainingMs: () => number,
  deps: ReplayDeps,
): Promise<ReplayAnswer> {
  const mayGoOn = () => remainingMs() > LAST_STEPS_MS;
  const work: RejectedWork =
    request.action === "list"
      ? new CountRejected(request, deps)
      : new PutBackRejected(request, mayGoOn, deps);
  let openFromMs: number | undefined;
  let chunk: ParkedRef[] = [];
  const workOnChunk = async () => {
    const refs = chunk;
    chunk = [];
    const areDone = await work.take(refs);
    openFromMs ??= refs.find((_, i) => !areDone[i])?.parkedAtMs;
  };
  for await (const ref of parkedObjects("rejected", request, deps.store)) {
    // Objects parked in the same millisecond are taken together: so nothing is counted twice when it goes on.
    if (chunk.length >= OBJECTS_AT_ONCE && ref.parkedAtMs !== chunk.at(-1)?.parkedAtMs) await workOnChunk();
    if (chunk.length === 0 && !mayGoOn()) {
      openFromMs ??= ref.parkedAtMs;
      break;
    }
    chunk.push(ref);
  }
  await workOnChunk();
  const answer = await work.finish();
  return { ...answer, ...(openFromMs !== undefined && { continueFrom: new Date(openFromMs).toISOString() }) };
}
