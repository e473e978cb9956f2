/** Where an event is to end when nothing goes wrong. `anywhere`: in any counted place, as long as it is one. */
export type Expected = "delivered" | "filtered" | "rejected" | "anywhere";

export interface SentEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly expected: Expected;
}

/** What is found at the end outside of the connector: at the stand-in, in the bucket and on the queues. */
export interface Evidence {
  /** How often mParticle counted each event. */
  readonly taken: ReadonlyMap<string, number>;
  /** How often each event came in batches that mParticle recognised as known and did not count again. */
  readonly deduplicated: ReadonlyMap<string, number>;
  /** Events in requests that were answered 202. */
  readonly accepted: ReadonlySet<string>;
  readonly parked: readonly ParkedLine[];
  /** Batches that mParticle has taken, by `source_request_id`: released, they would not be counted again. */
  readonly takenRequestIds: ReadonlySet<string>;
  /** Events in the dead-letter queue. */
  readonly deadLetters: ReadonlySet<string>;
  /** Messages left on the queue. */
  readonly waiting: number;
}

/** One line of an object in the bucket. */
export interface ParkedLine {
  readonly ending: "held" | "rejected";
  readonly ids: readonly string[];
  /** Of a batch as it was built; undefined: events as they came. */
  readonly requestId: string | undefined;
  /** The first of its reasons. */
  readonly cause: string | undefined;
}

/** Where the events of a run are. Each is in one of the counts up to `lost`. */
export interface Account {
  readonly sent: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly held: number;
  /** Dropped by mParticle behind a 202. */
  readonly dropped: number;
  readonly deadLetters: number;
  /** Still on the queue when patience ran out. */
  readonly open: number;
  /** Nowhere. */
  readonly lost: number;
  /** Events that came to mParticle more than once. */
  readonly doubledBefore: number;
  /** Events that mParticle counted more than once after its de-duplication. */
  readonly doubled: number;
  /** Events that lie in the bucket although they are somewhere else as well: a release or replay would double them. */
  readonly parkedToo: number;
  readonly doubledIds: readonly string[];
  readonly parkedTooIds: readonly string[];
  readonly lostIds: readonly string[];
  /** Events that ended in a counted place where they do not belong: good ones rejected, bad ones delivered. */
  readonly astray: readonly string[];
}

type Place = "delivered" | "filtered" | "rejected" | "held" | "dropped" | "deadLetters" | "open" | "lost";

/** Finds every event that was sent. Judged by what is found, never by what the connector says. */
export function account(sent: readonly SentEvent[], evidence: Evidence): Account {
  const { taken, deduplicated } = evidence;
  const parked = parkedBy(evidence);
  const places: Record<Place, string[]> = {
    delivered: [],
    filtered: [],
    rejected: [],
    held: [],
    dropped: [],
    deadLetters: [],
    open: [],
    lost: [],
  };
  const doubledIds: string[] = [];
  const parkedTooIds: string[] = [];
  const astray: string[] = [];
  let doubledBefore = 0;
  for (const { id, expected } of sent) {
    const times = taken.get(id) ?? 0;
    const held = parked.held.get(id) ?? 0;
    const rejected = parked.rejected.get(id) ?? 0;
    const place = placeOf(id, expected, { times, held, rejected }, evidence);
    places[place].push(id);
    if (times + (deduplicated.get(id) ?? 0) > 1) doubledBefore++;
    if (times > 1) doubledIds.push(id);
    if (held + rejected > 0 && times + held + rejected > 1) parkedTooIds.push(id);
    if (isAstray(place, expected)) astray.push(id);
  }
  return {
    sent: sent.length,
    delivered: places.delivered.length,
    filtered: places.filtered.length,
    rejected: places.rejected.length,
    held: places.held.length,
    dropped: places.dropped.length,
    deadLetters: places.deadLetters.length,
    open: places.open.length,
    lost: places.lost.length,
    doubledBefore,
    doubled: doubledIds.length,
    parkedToo: parkedTooIds.length,
    doubledIds,
    parkedTooIds,
    lostIds: places.lost,
    astray,
  };
}

function placeOf(
  id: string,
  expected: Expected,
  { times, held, rejected }: { times: number; held: number; rejected: number },
  { deadLetters, accepted, waiting }: Evidence,
): Place {
  if (times > 0) return "delivered";
  if (held > 0) return "held";
  if (rejected > 0) return "rejected";
  if (deadLetters.has(id)) return "deadLetters";
  if (accepted.has(id)) return "dropped";
  if (expected === "filtered") return "filtered";
  return waiting > 0 ? "open" : "lost";
}

/** A dead letter and an event that is held are kept: whether they may be there is for the scenario to say. */
function isAstray(place: Place, expected: Expected): boolean {
  if (place === "delivered") return expected === "rejected" || expected === "filtered";
  if (place === "rejected") return expected === "delivered" || expected === "filtered";
  return false;
}

/** How often each event lies in the bucket where a release or replay would send it once more. */
function parkedBy({ parked, takenRequestIds }: Evidence): Record<ParkedLine["ending"], Map<string, number>> {
  const by = { held: new Map<string, number>(), rejected: new Map<string, number>() };
  for (const { ending, ids, requestId } of parked) {
    // mParticle has this very batch: its copy in the bucket is no second one.
    if (requestId !== undefined && takenRequestIds.has(requestId)) continue;
    for (const id of ids) by[ending].set(id, (by[ending].get(id) ?? 0) + 1);
  }
  return by;
}
