import pLimit from "p-limit";
import { type Ask, admit } from "../../shared/core/flow/admit.ts";
import { isOpen } from "../../shared/core/flow/circuit.ts";
import type { FlowState, Grant } from "../../shared/core/flow/flow-state.schema.ts";
import { isWorthKeeping, learn, type Observation } from "../../shared/core/flow/learn.ts";
import { type PlaceAsk, type Placing, place } from "../../shared/core/flow/line.ts";
import type { FeedIds } from "../../shared/ports-flow.ts";
import type { DeliverDeps } from "./deliver-records.ts";

/** Longest time for which one answer may stop every feed, in seconds: mParticle says so again where it still holds. */
const LONGEST_SYSTEM_BLOCK_SECONDS = 300;

/** Feeds of the same tenant that are told of a limit at once. */
const SIBLINGS_AT_ONCE = 16;

/** What a scope of `X-mp-rate-limit-exceeded` beyond the feed's own speaks of. */
const TENANT_SCOPES = new Set(["workspace", "account", "org"]);

/** Room that an invocation was granted. */
export interface Granted extends Grant {
  /** When it was asked for. */
  readonly askedAtMs: number;
}

/** The flow to one feed as one invocation takes part in it: asks for room, tells what came of it, takes places in line. */
export class FeedFlow {
  readonly #ids: FeedIds;
  /** Ids of the same tenant's other feeds. */
  readonly #siblings: readonly string[];
  readonly #deps: DeliverDeps;
  #observed: Observation[] = [];
  /** The host answers nobody: what is granted is a probe, and nothing is tried twice. */
  isDead = false;
  /** Batches a second that the feed was last seen to take. Undefined: it was not asked. */
  rate: number | undefined;

  constructor(ids: FeedIds, feedIdsOfTenant: Iterable<string>, deps: DeliverDeps) {
    this.#ids = ids;
    this.#siblings = [...feedIdsOfTenant].filter((feedId) => feedId !== ids.feedId);
    this.#deps = deps;
  }

  /** Room for batches, within the time that the invocation can wait. */
  async admit(ask: Omit<Ask, "lane" | "probeMs">): Promise<readonly Granted[]> {
    const { settings, clock, random, flow } = this.#deps;
    const observed = this.#takeObserved();
    const full: Ask = { ...ask, lane: settings.lane, probeMs: 2 * settings.requestTimeoutMs };
    return await flow.update(this.#ids, (state) => {
      const nowMs = clock.nowMs();
      const admission = admit(learn(state, observed, nowMs, random()), full, settings.flow, nowMs);
      this.rate = admission.state.rate;
      this.isDead = isOpen(admission.state);
      const granted = admission.grants.map((grant) => ({ ...grant, askedAtMs: nowMs }));
      return { state: admission.state, result: granted };
    });
  }

  /** Places in line for what found no room. */
  async place(ask: Omit<PlaceAsk, "lane" | "aloneMs">): Promise<Placing> {
    const { settings, clock, random, flow } = this.#deps;
    const observed = this.#takeObserved();
    return await flow.update(this.#ids, (state, aloneMs) => {
      const nowMs = clock.nowMs();
      const learnt = learn(state, observed, nowMs, random());
      const placing = place(learnt, { ...ask, lane: settings.lane, aloneMs }, settings.flow, nowMs);
      return { state: placing.state, result: placing };
    });
  }

  /** Remembers what came of a grant until it is told with the next question. */
  observe(observation: Observation): void {
    this.#observed.push(observation);
  }

  /** Tells at once what others must know: a limit was met, or the host does not answer. */
  async warn(observation: Observation): Promise<void> {
    this.observe(observation);
    await this.tell();
    if (observation.kind === "throttled" && observation.scope) await this.#warnNeighbours(observation);
  }

  /** Tells what was observed and not told yet, where it changes anything. */
  async tell(): Promise<void> {
    if (this.#observed.length === 0) return;
    const { clock, random, flow } = this.#deps;
    const observed = this.#takeObserved();
    const step = (before: FlowState) => {
      const state = learn(before, observed, clock.nowMs(), random());
      this.isDead = isOpen(state);
      return { state: isWorthKeeping(before, state) ? state : before, result: undefined };
    };
    await flow.update(this.#ids, step, { mayBeOld: true });
  }

  /** A limit of the whole workspace slows all feeds of the tenant, one of mParticle's own all feeds there are. */
  async #warnNeighbours(observation: Observation & { kind: "throttled" }): Promise<void> {
    const { clock, random, flow } = this.#deps;
    const { scope = "", retryAfterSeconds = 1 } = observation;
    if (scope === "system")
      await flow.blockEveryone(
        clock.nowMs() + 1000 * Math.min(retryAfterSeconds, LONGEST_SYSTEM_BLOCK_SECONDS),
      );
    if (!TENANT_SCOPES.has(scope)) return;
    const { tenantId } = this.#ids;
    const told = { ...observation, grant: undefined };
    const room = pLimit(SIBLINGS_AT_ONCE);
    await room.map(this.#siblings, (feedId) =>
      flow.update({ tenantId, feedId }, (state) => ({
        state: learn(state, [told], clock.nowMs(), random()),
        result: undefined,
      })),
    );
  }

  #takeObserved(): readonly Observation[] {
    const observed = this.#observed;
    this.#observed = [];
    return observed;
  }
}
