import { previewEvents } from "../../functions/onboarding-api/preview-events.ts";
import type { Mode } from "../../shared/core/message.schema.ts";
import type { Feed, Tenant } from "../../shared/core/tenant.schema.ts";
import { PreviewCollection } from "../feedctl/preview-collection.ts";
import type { StartOptions } from "./options.ts";

/**
 * Events of a feed that are previewed at once: as many as most inputs have, since events merge, and are told to be duplicates, among them
 * only; and few enough for any input to be read.
 */
const MAX_PART = 10_000;

export interface FeedEvent {
  readonly tenant: Tenant;
  readonly feed: Feed;
  readonly mode: Mode;
  readonly event: unknown;
  /** Its line in a file of rows. Undefined: it is counted. */
  readonly number?: number;
}

/** What would become of the events for one feed. */
export interface FeedPreview {
  readonly tenantId: string;
  readonly feedId: string;
  readonly mode: Mode;
  readonly preview: PreviewCollection;
}

interface Group {
  readonly of: Omit<FeedEvent, "event" | "number">;
  readonly preview: PreviewCollection;
  waiting: { readonly event: unknown; readonly number: number }[];
  given: number;
}

/** Previews of events, by feed and mode. */
export class FeedPreviews {
  readonly #options: Pick<StartOptions, "partnerIdentity" | "summary" | "rows">;
  readonly #nowMs: number;
  readonly #groups = new Map<string, Group>();

  constructor({ nowMs = Date.now(), ...options }: StartOptions) {
    this.#nowMs = nowMs;
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  add({ event, number, ...of }: FeedEvent): void {
    const group = this.#group(of);
    group.given++;
    group.waiting.push({ event, number: number ?? group.given });
    if (group.waiting.length === MAX_PART) this.#preview(group);
  }

  /** Everything that was given. */
  end(): FeedPreview[] {
    return Array.from(this.#groups.values(), (group) => {
      this.#preview(group);
      const { tenant, feed, mode } = group.of;
      return { tenantId: tenant.tenantId, feedId: feed.feedId, mode, preview: group.preview };
    });
  }

  #group(of: Group["of"]): Group {
    const key = JSON.stringify([of.tenant.tenantId, of.feed.feedId, of.mode]);
    let group = this.#groups.get(key);
    if (!group) {
      const { summary, rows } = this.#options;
      const preview = new PreviewCollection({ isSummary: summary, by: rows ? "line" : "event" });
      group = { of, preview, waiting: [], given: 0 };
      this.#groups.set(key, group);
    }
    return group;
  }

  #preview(group: Group): void {
    const { waiting, preview } = group;
    const { tenant, feed, mode } = group.of;
    const { partnerIdentity } = this.#options;
    group.waiting = [];
    const events = waiting.map(({ event }) => event);
    preview.add(
      previewEvents({ events, mode }, { tenant, feed, partnerIdentity }, this.#nowMs),
      waiting.map(({ number }) => number),
    );
  }
}
