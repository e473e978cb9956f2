import type { DeliverDeps, DeliverSettings } from "../../functions/deliver-events/deliver-records.ts";
import { DynamoMessageClaims } from "../../shared/aws/claim-store.ts";
import { ExpiringCache } from "../../shared/aws/expiring-cache.ts";
import { DynamoFlowStore } from "../../shared/aws/flow-store.ts";
import type { Log } from "../../shared/ports.ts";
import type { SimBucket } from "./bucket.ts";
import type { Census } from "./census.ts";
import { Invocation } from "./invocation.ts";
import { credentialsOf, type Load } from "./load.ts";
import { CONCURRENT_ITEMS, DYNAMO_MS, draw, ITEM_BYTES, rounds, SECRET_MS, SQS_MS } from "./model.ts";
import type { SimMparticle } from "./mparticle.ts";
import type { QueueMessage, SimQueue } from "./queue.ts";
import type { SimTable } from "./table.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Of `shared/aws/tenant-store.ts` and `credential-store.ts`: milliseconds for which an instance remembers, jittered. */
const TENANT_CACHE_MS = 30_000;
const SECRET_CACHE_MS = 300_000;

/** Of `shared/aws/ingest-queue.ts`: milliseconds for which the number of hidden messages is taken from memory. */
const HIDDEN_CACHE_MS = 10_000;

/** What all instances of a function share. */
export interface FunctionWorld {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly usage: Usage;
  readonly table: SimTable;
  readonly bucket: SimBucket;
  readonly mparticle: SimMparticle;
  readonly queue: SimQueue<Load>;
  readonly census: Census;
  readonly settings: DeliverSettings;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Tenants that there are. */
  readonly tenants: number;
  readonly log: Log;
  /** A message's events of one time were delivered. */
  readonly onDelivered: (tenant: number, sentAtMs: number) => void;
  /** Milliseconds that an invocation took. */
  readonly onInvoked: (tookMs: number) => void;
}

/** One instance of the function, with what it keeps in memory from invocation to invocation. */
export class FunctionInstance {
  readonly world: FunctionWorld;
  readonly deps: DeliverDeps;
  readonly #hidden: ExpiringCache<number>;
  readonly #tenantFreshUntilMs: Float64Array;
  readonly #secretFreshUntilMs: Float64Array;

  constructor(world: FunctionWorld) {
    const { clock, random, table, settings, log, tenants } = world;
    this.world = world;
    this.#hidden = new ExpiringCache({ ttlMs: () => HIDDEN_CACHE_MS, clock });
    this.#tenantFreshUntilMs = new Float64Array(tenants);
    this.#secretFreshUntilMs = new Float64Array(tenants);
    const flow = new DynamoFlowStore({
      client: table.client,
      tableName: "table",
      settings: settings.flow,
      clock,
      random,
      log,
    });
    const claims = new DynamoMessageClaims({
      client: table.client,
      tableName: "table",
      clock,
      log,
      uniqueId: () => Math.floor(random() * 2 ** 32).toString(36),
    });
    this.deps = {
      flow,
      claims,
      clock,
      random,
      log,
      settings,
      events: world.mparticle,
      credentials: { find: async (tenantId) => credentialsOf(tenantId) },
      tenants: { find: notHere, credentialsRefused: async () => {}, credentialsAccepted: async () => {} },
      // Each invocation has its own: it knows what its messages and batches stand for.
      queue: { hide: notHere, send: notHere, hiddenMessages: notHere },
      parked: { write: notHere },
      ledger: { add: notHere },
      names: { add: notHere },
      deferralSeconds: notHere,
      ageNowMs: () => clock.nowMs(),
    };
  }

  /** @returns the messages that go back. */
  run(messages: readonly QueueMessage<Load>[]): Promise<ReadonlySet<QueueMessage<Load>>> {
    return new Invocation(messages, this).run();
  }

  /** Messages in flight, as a call to SQS told it some seconds ago. */
  hiddenMessages(): Promise<number> {
    const { clock, random, usage, queue } = this.world;
    return this.#hidden.get("messages", async () => {
      usage.sqs();
      await clock.sleep(draw(SQS_MS, random));
      return queue.inFlight;
    });
  }

  /** Reads the tenants, and the secrets of their feeds, that are not in memory. */
  async know(tenants: Iterable<number>): Promise<void> {
    const { clock, random, usage } = this.world;
    const nowMs = clock.nowMs();
    let unknownTenants = 0;
    let unknownSecrets = 0;
    for (const tenant of tenants) {
      if ((this.#tenantFreshUntilMs[tenant] ?? 0) <= nowMs) {
        this.#tenantFreshUntilMs[tenant] = nowMs + TENANT_CACHE_MS * (0.75 + random() / 2);
        unknownTenants++;
        usage.dynamoRead(ITEM_BYTES, false);
        usage.dynamoRead(ITEM_BYTES, false);
      }
      if ((this.#secretFreshUntilMs[tenant] ?? 0) <= nowMs) {
        this.#secretFreshUntilMs[tenant] = nowMs + SECRET_CACHE_MS * (0.75 + random() / 2);
        unknownSecrets++;
        usage.secretReads++;
      }
    }
    await clock.sleep(rounds(unknownTenants, CONCURRENT_ITEMS) * draw(DYNAMO_MS, random));
    await clock.sleep(rounds(unknownSecrets, CONCURRENT_ITEMS) * draw(SECRET_MS, random));
  }
}

function notHere(): never {
  throw new Error("The simulation has this done elsewhere");
}
