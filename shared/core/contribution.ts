import type {
  ApplicationInfo,
  Batch,
  BatchEvent,
  DeviceInfo,
  PartnerIdentities,
  UserIdentities,
} from "./batch.schema.ts";
import type { ConsentState } from "./consent/consent-state.ts";
import type { Finding } from "./finding.ts";

export type AttributeValue = string | string[];

/**
 * Whom a contribution is about and where it came from. Contributions share a batch only when this is equal in every
 * part: mParticle resolves identity and device per batch, so merging two of them would merge two people or devices.
 */
export interface Envelope {
  readonly userIdentities?: UserIdentities;
  readonly partnerIdentities?: PartnerIdentities;
  readonly deviceInfo?: DeviceInfo;
  readonly applicationInfo?: ApplicationInfo;
  readonly ip?: string;
  /** As a custom feed's settings read it: what a user agreed to for one event counts for no other. */
  readonly consentState?: ConsentState;
  /** As the feed's mapping gives it, instead of the connector's own. */
  readonly sourceRequestId?: string;
}

/** What one partner event adds to its user's batch. */
export interface Contribution {
  /** The event's `messageId`, or a hash of its canonical content. */
  readonly messageId: string;
  /** Epoch milliseconds; orders attributes when several contributions set the same one. */
  readonly occurredAtMs: number;
  readonly envelope: Envelope;
  /** At most {@link MAX_USER_ATTRIBUTES} is *not* ensured here: merging may exceed it, so assembling splits. */
  readonly userAttributes?: Record<string, AttributeValue>;
  readonly deletedUserAttributes?: readonly string[];
  /** None for a profile update; one for a call; any number for a batch in mParticle's own format. Each within limits. */
  readonly events: readonly BatchEvent[];
  /**
   * Only for a batch in mParticle's own format: its other top-level fields, as they are. Such a contribution is never
   * merged with another one.
   */
  readonly own?: Omit<
    Batch,
    | "events"
    | "environment"
    | "user_identities"
    | "partner_identities"
    | "device_info"
    | "application_info"
    | "ip"
    | "user_attributes"
    | "deleted_user_attributes"
    | "source_request_id"
    | "mpid"
  >;
  /** Never merged with another one: one row, one batch. */
  readonly isAlone?: true;
  /** Only for a batch in mParticle's own format: its mParticle id, as digits, since it exceeds a JavaScript number. */
  readonly mpid?: string;
}

/** Rules that end an event as filtered; counted by these names. */
export type FilterRule =
  | "integrations" // the event says it is not for mParticle
  | `consent:${string}` // a required consent category, which is named, is missing
  | "unmapped" // no rule names it and the feed drops such events
  | "blocked" // the tenant never sends this event
  | "ignored" // a rule of the feed says so
  | "alias_unusable" // no anonymous previous id: nothing that a batch can express
  | "duplicate"; // the same messageId came twice in one pass

export type Conversion =
  | {
      readonly kind: "contribution";
      readonly contribution: Contribution;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: "filtered"; readonly rule: FilterRule; readonly findings: readonly Finding[] }
  /** The first finding is the reason. */
  | { readonly kind: "rejected"; readonly findings: readonly [Finding, ...Finding[]] };
