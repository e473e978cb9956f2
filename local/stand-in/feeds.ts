/** The feeds that the stand-in knows, and Basic authentication against them. */
import type { FeedKind } from "./endpoints.ts";

export interface StandInFeed {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly kind: FeedKind;
  /** The one partner identity registered for a partner feed, as `PartnerName_IdentityName`. */
  readonly partnerIdentity?: string;
  /** @default "enabled" */
  readonly status?: "enabled" | "disabled";
}

export type Authentication =
  | { readonly kind: "accepted"; readonly feed: StandInFeed }
  /** `feed`: the one whose key was given, where the key at least is known. */
  | { readonly kind: "refused"; readonly status: 401 | 403; readonly feed?: StandInFeed };

export class Feeds {
  #byKey = new Map<string, StandInFeed>();

  constructor(feeds: readonly StandInFeed[]) {
    this.replaceAll(feeds);
  }

  replaceAll(feeds: readonly StandInFeed[]): void {
    this.#byKey = new Map(feeds.map((feed) => [feed.apiKey, feed]));
  }

  /** Adds a feed, or replaces the one with the same key: another secret, another status. */
  put(feed: StandInFeed): void {
    this.#byKey.set(feed.apiKey, feed);
  }

  /**
   * Judges an `Authorization` header: absent is 401, anything else that is not an enabled feed of this kind is 403, as
   * the HTTP API page has it. (Its OpenAPI file answers wrong credentials with 401: a sender must not tell them apart.)
   */
  authenticate(authorization: string | undefined, kind: FeedKind): Authentication {
    if (authorization === undefined) return { kind: "refused", status: 401 };
    const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1] ?? "";
    const [, apiKey, apiSecret] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
    const feed = this.#byKey.get(apiKey ?? "");
    if (!feed) return { kind: "refused", status: 403 };
    const usable = feed.apiSecret === apiSecret && feed.status !== "disabled" && feed.kind === kind;
    return usable ? { kind: "accepted", feed } : { kind: "refused", status: 403, feed };
  }
}
