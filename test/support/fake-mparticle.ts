import type { DeliveryOutcome } from "../../shared/core/outcome.ts";
import type { EventsApi, EventsApiRequest } from "../../shared/ports.ts";

/** One POST as mParticle saw it. */
export interface SeenRequest {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly route: "live" | "historical";
  readonly timeoutMs: number;
  /** The bytes of the body, as text. */
  readonly body: string;
  readonly batches: readonly SeenBatch[];
}

export interface SeenBatch {
  readonly source_request_id: string;
  readonly environment: string;
  readonly user_identities?: Record<string, string>;
  readonly user_attributes?: Record<string, unknown>;
  readonly deleted_user_attributes?: readonly string[];
  readonly events?: readonly {
    event_type: string;
    data: Record<string, unknown> & { source_message_id: string };
  }[];
}

/** `written`: it takes the request, whatever it answers. Absent: it takes what it accepts. */
export type Answer = DeliveryOutcome & { readonly written?: boolean };

/** Decides what a request meets; undefined: it is accepted. */
export type Respond = (request: SeenRequest) => Answer | undefined | Promise<Answer | undefined>;

export const ACCEPTED = { kind: "accepted" } as const;
export const THROTTLED = { kind: "throttled" } as const;
export const UNAVAILABLE = { kind: "unavailable", reason: "status 503" } as const;
export const TAKEN_YET_UNAVAILABLE = { kind: "unavailable", reason: "timeout", written: true } as const;
export const UNAUTHORIZED = { kind: "unauthorized", status: 401 } as const;
export const MALFORMED = { kind: "malformed", status: 400, reason: "status 400" } as const;

/**
 * mParticle in memory: de-duplicates by `source_request_id` within a key, and keeps what it was sent and what it took.
 */
export class FakeMparticle implements EventsApi {
  readonly requests: SeenRequest[] = [];
  /** How often each event was taken, by key and message id. */
  readonly taken = new Map<string, number>();
  /** Most requests in flight at once, in all and by key. */
  readonly peak = { all: 0, byKey: new Map<string, number>() };
  respond: Respond = () => undefined;
  readonly #known = new Set<string>();
  readonly #inFlight = new Map<string, number>();

  async post({ route, credentials, body, timeoutMs }: EventsApiRequest): Promise<DeliveryOutcome> {
    const text = String(body);
    const request: SeenRequest = { ...credentials, route, timeoutMs, body: text, batches: JSON.parse(text) };
    this.requests.push(request);
    this.#enter(request.apiKey);
    try {
      const answer: Answer = (await this.respond(request)) ?? ACCEPTED;
      const { written, ...outcome } = answer;
      if (written ?? outcome.kind === "accepted") this.#take(request);
      return outcome;
    } finally {
      this.#inFlight.set(request.apiKey, (this.#inFlight.get(request.apiKey) ?? 0) - 1);
    }
  }

  /** Answers in this order, then accepts. */
  answer(...answers: Answer[]): void {
    const left = [...answers];
    this.respond = () => left.shift();
  }

  /** Message ids of the events taken by all feeds, sorted; one taken twice is here twice. */
  get takenIds(): string[] {
    return [...this.taken].flatMap(([name, times]) => Array(times).fill(name.split("\n")[1])).sort();
  }

  #take({ apiKey, batches }: SeenRequest): void {
    for (const { source_request_id, events = [] } of batches) {
      const id = `${apiKey}\n${source_request_id}`;
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      for (const { data } of events) {
        const name = `${apiKey}\n${data.source_message_id}`;
        this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
      }
    }
  }

  #enter(apiKey: string): void {
    const own = (this.#inFlight.get(apiKey) ?? 0) + 1;
    this.#inFlight.set(apiKey, own);
    const all = [...this.#inFlight.values()].reduce((sum, count) => sum + count, 0);
    this.peak.all = Math.max(this.peak.all, all);
    this.peak.byKey.set(apiKey, Math.max(this.peak.byKey.get(apiKey) ?? 0, own));
  }
}

/** Message ids of the events in a request's batches, in their order. */
export function idsIn({ batches }: Pick<SeenRequest, "batches">): string[] {
  return batches.flatMap(({ events = [] }) => events.map(({ data }) => data.source_message_id));
}
