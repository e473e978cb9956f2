import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { nameOf } from "../core/error-name.ts";
import type { FeedChanged } from "../core/feed-changed.schema.ts";
import { FEED_CHANGED } from "../core/feed-changed.ts";
import type { Log } from "../ports.ts";
import type { FeedChanges } from "../ports-onboarding.ts";

export interface EventBridgeFeedChangesOptions {
  readonly client: EventBridgeClient;
  readonly log: Log;
}

/** Word of changed tenants and feeds, on the account's default event bus. */
export class EventBridgeFeedChanges implements FeedChanges {
  readonly #options: EventBridgeFeedChangesOptions;

  constructor(options: EventBridgeFeedChangesOptions) {
    this.#options = options;
  }

  async announce(changed: FeedChanged): Promise<void> {
    const { client, log } = this.#options;
    const { source: Source, detailType: DetailType } = FEED_CHANGED;
    const Detail = JSON.stringify(changed);
    try {
      const { FailedEntryCount } = await client.send(
        new PutEventsCommand({ Entries: [{ Source, DetailType, Detail }] }),
      );
      if (FailedEntryCount) log.warn("A change could not be announced", { ...changed });
    } catch (error) {
      log.warn("A change could not be announced", { ...changed, error: nameOf(error) });
    }
  }
}
