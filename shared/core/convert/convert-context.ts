import type { Feed, Tenant } from "../tenant.schema.ts";

/** What the conversion of an event depends on, beside the event. */
export interface ConvertContext {
  readonly tenant: Tenant;
  readonly feed: Feed;
  /** Name of the partner's identity as registered with mParticle, `PartnerName_IdentityName`. Absent: none is sent. */
  readonly partnerIdentity?: string | undefined;
  /** When the queue took the message, epoch milliseconds: SQS's SentTimestamp. */
  readonly sentAtMs: number;
}
