/** A batch as it comes over the wire and passes mParticle's schema: the fields that the stand-in's rules read. */
export interface WireBatch {
  readonly events?: readonly WireEvent[] | null;
  readonly source_request_id?: Scalar;
  readonly mpid?: number | null;
  readonly mp_deviceid?: string | null;
  readonly user_identities?: Readonly<Record<string, Scalar>> | null;
  readonly user_attributes?: Readonly<Record<string, Scalar | readonly Scalar[]>> | null;
  readonly device_info?: Readonly<Record<string, Scalar>> | null;
  readonly partner_identities?: Readonly<Record<string, Scalar>> | null;
  readonly partner_identity?: Scalar;
  readonly consent_state?: object | null;
}

export interface WireEvent {
  readonly event_type: string;
  readonly data: {
    readonly source_message_id?: string;
    readonly timestamp_unixtime_ms?: number | null;
    readonly event_name?: string;
    readonly screen_name?: string;
    readonly custom_attributes?: Readonly<Record<string, Scalar>> | null;
    readonly product_action?: unknown;
    readonly promotion_action?: unknown;
    readonly product_impressions?: unknown;
  };
}

/** What the schema calls "String": texts, and numbers and booleans that mParticle stores as texts. */
export type Scalar = string | number | boolean | null | undefined;

/** Events in a body that may have any shape. */
export function countEvents(batch: unknown): number {
  const events = (batch as WireBatch | null)?.events;
  return Array.isArray(events) ? events.length : 0;
}
