import pLimit from "p-limit";
import { nameOf } from "../../shared/core/error-name.ts";
import type { TenantWithFeeds } from "../../shared/ports.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import type { PassFeed, QueueRecord } from "./pass.ts";

/** Reads at once: no more than the client's connections, for what waits for one does so within its time-out. */
export const CONCURRENT_READS = 32;

/** A tenant that can be delivered for, or what becomes of its events instead. */
export type TenantFound =
  /** `inUse`: those of its feeds that the pass has items for, by id. */
  | ({ readonly kind: "active"; readonly inUse: Map<string, PassFeed> } & TenantWithFeeds)
  | { readonly kind: "held"; readonly cause: "unknown_tenant" | "tenant_paused" }
  | { readonly kind: "unavailable" };

/** The tenants of one pass, each read once. Nobody's trouble is another tenant's. */
export class TenantLookup {
  readonly #deps: DeliverDeps;
  readonly #room = pLimit(CONCURRENT_READS);
  readonly #reading = new Map<string, Promise<TenantFound>>();
  readonly #found = new Map<string, TenantFound>();

  /** Starts reading all tenants that the records seem to name, so that none waits for another one. */
  constructor(records: readonly QueueRecord[], deps: DeliverDeps) {
    this.#deps = deps;
    for (const { body } of records) {
      const tenantId = TENANT_ID.exec(body.slice(0, HINT_LENGTH))?.[1];
      if (tenantId !== undefined) this.#start(tenantId);
    }
  }

  /** The tenant, if it was found in this pass already. */
  known(tenantId: string): TenantFound | undefined {
    return this.#found.get(tenantId);
  }

  async find(tenantId: string): Promise<TenantFound> {
    const found = await this.#start(tenantId);
    this.#found.set(tenantId, found);
    return found;
  }

  #start(tenantId: string): Promise<TenantFound> {
    const started = this.#reading.get(tenantId);
    if (started) return started;
    const reading = this.#room(() => this.#read(tenantId));
    this.#reading.set(tenantId, reading);
    return reading;
  }

  async #read(tenantId: string): Promise<TenantFound> {
    try {
      const tenant = await this.#deps.tenants.find(tenantId);
      if (tenant?.tenant.status === "active") return { kind: "active", inUse: new Map(), ...tenant };
      if (tenant) return { kind: "held", cause: "tenant_paused" };
      this.#deps.log.warn("Unknown tenant: its events are held", { tenantId });
      return { kind: "held", cause: "unknown_tenant" };
    } catch (error) {
      this.#deps.log.error("Tenant could not be read: its records go back", {
        tenantId,
        error: nameOf(error),
      });
      return { kind: "unavailable" };
    }
  }
}

/** A tenant id by the look of a body's beginning: a hint, enough to start reading before the body is parsed. */
const TENANT_ID = /"tenantId"\s*:\s*"([A-Za-z0-9_.-]{1,64})"/;
const HINT_LENGTH = 200;
