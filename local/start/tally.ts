import { type FeedReport, total } from "../../functions/deliver-events/report.ts";
import type { RefusedEvent } from "./publish-input.ts";

/** Counts of one tenant, or of bodies that name none. */
export interface TenantTally {
  received: number;
  delivered: number;
  /** Events by rule, reason code and cause. */
  filtered: Record<string, number>;
  rejected: Record<string, number>;
  held: Record<string, number>;
  requests: number;
  batches: number;
  /** Events in accepted batches, by path. */
  live: number;
  historical: number;
  /** Requests. */
  throttled: number;
  retried: number;
  /** Seconds from the start of the run to the tenant's last ending. */
  seconds: number;
}

/** Name under which bodies without a readable tenant are counted. */
export const NO_TENANT = "(unreadable)";

/** Adds up, by tenant, what the connector reports. */
export class Tally {
  readonly tenants = new Map<string, TenantTally>();
  readonly #startedAt = performance.now();

  add(reports: readonly FeedReport[]): void {
    for (const report of reports) {
      const tally = this.#tenant(report.tenantId);
      tally.received += report.received;
      tally.delivered += report.delivered;
      addAll(tally.filtered, report.filtered);
      addAll(tally.rejected, report.rejected);
      addAll(tally.held, report.held);
      tally.requests += report.requests;
      tally.batches += report.batches;
      tally.live += report.live;
      tally.historical += report.historical;
      tally.throttled += report.throttled;
      tally.retried += report.retried;
      tally.seconds = (performance.now() - this.#startedAt) / 1000;
    }
  }

  /** Counts an event that never reached the queue. */
  addRefused({ tenantId, reason }: RefusedEvent): void {
    const tally = this.#tenant(tenantId);
    tally.received++;
    addAll(tally.rejected, { [reason]: 1 });
  }

  /** Events that have an ending. */
  get settled(): number {
    return this.sum(
      ({ delivered, filtered, rejected, held }) =>
        delivered + total(filtered) + total(rejected) + total(held),
    );
  }

  sum(amount: (tally: TenantTally) => number): number {
    return [...this.tenants.values()].reduce((sum, tally) => sum + amount(tally), 0);
  }

  #tenant(tenantId = NO_TENANT): TenantTally {
    let tally = this.tenants.get(tenantId);
    if (!tally) {
      tally = emptyTally();
      this.tenants.set(tenantId, tally);
    }
    return tally;
  }
}

function addAll(into: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) into[name] = (into[name] ?? 0) + count;
}

function emptyTally(): TenantTally {
  return {
    received: 0,
    delivered: 0,
    filtered: {},
    rejected: {},
    held: {},
    requests: 0,
    batches: 0,
    live: 0,
    historical: 0,
    throttled: 0,
    retried: 0,
    seconds: 0,
  };
}
