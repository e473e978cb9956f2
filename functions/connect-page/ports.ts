/** What the connect page needs of onboarding. Everything throws when a store does not answer. */
import type { Credentials } from "../../shared/core/tenant.schema.ts";
import type { AskedFeed, ConnectLink, FeedProblem, KeyProblem } from "./connect-link.ts";

/** What names a link to those who run the connector: nobody can open it by these. */
export interface LinkIds {
  readonly tenantId: string;
  readonly linkId: string;
}

/** Hears which link a token is of, as soon as that is known: before anything else can fail. */
export type OnLink = (link: LinkIds) => void;

/** Links by their tokens. */
export interface PageLinks {
  find(token: string, onLink?: OnLink): Promise<ConnectLink>;
  /**
   * Reserves an open link for one submission: of several at once, one gets it. A reservation ends by itself should its submission die.
   *
   * @returns undefined: it is not open, or somebody else's submission is being checked.
   */
  reserve(token: string, visitor: Visitor, onLink?: OnLink): Promise<Reservation | undefined>;
}

/** Who submits, as far as it is known: for the audit trail. */
export interface Visitor {
  /** IP address. */
  readonly from?: string | undefined;
  readonly requestId: string;
}

export interface Reservation {
  /** As it was when it was reserved. */
  readonly feeds: readonly ReservedFeed[];
  /**
   * Tests a pair against mParticle, and stores it if it works.
   *
   * @returns why it is not stored; none: it is.
   */
  store(feedId: string, keys: Credentials): Promise<readonly KeyProblem[]>;
  /** Ends the reservation: the link is used up when nothing is left to store, else it is open again and remembers this. */
  end(outcome: {
    readonly stored: readonly string[];
    readonly problems: readonly FeedProblem[];
  }): Promise<void>;
}

export type ReservedFeed = Pick<AskedFeed, "feedId" | "place" | "isStored">;
