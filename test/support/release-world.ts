import type { DeliverSettings } from "../../functions/deliver-events/deliver-records.ts";
import { FutileObjects } from "../../functions/release-held/futile-objects.ts";
import {
  type ReleaseDeps,
  type ReleaseReport,
  releaseHeld,
} from "../../functions/release-held/release-held.ts";
import { type ReplayDeps, replayRejected } from "../../functions/replay-rejected/replay-rejected.ts";
import type { FeedChanged } from "../../shared/core/feed-changed.schema.ts";
import type { ReplayRequest } from "../../shared/core/replay-request.schema.ts";
import type { ReplayAnswer } from "../../shared/ports-onboarding.ts";
import { PutBack } from "../../shared/requeue/put-back.ts";
import { HOUR_MS, NOW_MS } from "./builders.ts";
import { DeliverWorld } from "./deliver-world.ts";
import type { FakeBucket } from "./fake-bucket.ts";
import { FakePace } from "./fake-pace.ts";
import { FakeIngestQueue } from "./fake-stores.ts";

/** Everything around delivering, releasing and replaying, in memory: one bucket, one table, a queue for each lane. */
export class ReleaseWorld {
  readonly deliver: DeliverWorld;
  readonly bucket: FakeBucket;
  readonly queues: Record<"live" | "backfill", FakeIngestQueue>;
  readonly pace = new FakePace();
  remainingMs: () => number = () => 60_000;
  releaseDeps: ReleaseDeps & ReplayDeps;

  constructor(settings: Partial<DeliverSettings> = {}) {
    this.deliver = new DeliverWorld(settings);
    this.bucket = this.deliver.parked;
    this.queues = { live: this.deliver.queue, backfill: new FakeIngestQueue() };
    this.releaseDeps = this.#newInstance();
  }

  release(changed?: FeedChanged): Promise<ReleaseReport> {
    return releaseHeld(changed, this.remainingMs, this.releaseDeps);
  }

  replay(over: Partial<ReplayRequest> = {}): Promise<ReplayAnswer> {
    const range = {
      from: new Date(NOW_MS - HOUR_MS).toISOString(),
      to: new Date(NOW_MS + HOUR_MS).toISOString(),
    };
    const request: ReplayRequest = { action: "replay", tenantId: "acme", ...range, ...over };
    return replayRejected(request, this.remainingMs, this.releaseDeps);
  }

  /** The process is another one from now on: what was in memory is forgotten. */
  restart(): void {
    this.releaseDeps = this.#newInstance();
  }

  /** What was put on the live queue, parsed. */
  get sent() {
    return this.queues.live.sent.map(({ body, ...message }) => ({ ...message, body: JSON.parse(body) }));
  }

  /** Events put on any queue, in order, by message id. */
  get sentIds(): string[] {
    return [...this.queues.live.sent, ...this.queues.backfill.sent].flatMap(({ body }) => {
      const { events = [] } = JSON.parse(body);
      return events.map(({ messageId }: { messageId: string }) => messageId);
    });
  }

  #newInstance(): ReleaseDeps & ReplayDeps {
    const { tenants, credentials, ledger, log, deps } = this.deliver;
    const store = this.bucket;
    return {
      store,
      openTenants: () => tenants,
      tenants,
      credentials,
      pace: this.pace,
      putBack: new PutBack({ store, queues: this.queues, ledger, log }),
      futile: new FutileObjects(),
      clock: deps.clock,
      random: deps.random,
      log,
    };
  }
}
