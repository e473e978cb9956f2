/** Events by ending; the endings add up to `received`. */
export interface EndingCounts {
  readonly received: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly held: number;
}

/**
 * What becomes of the example messages, counted by hand from `messages.ndjson` and never by the product's code. It holds
 * for the example tenants, no `--partner-identity`, and any faults and limits of the stand-in.
 *
 * Lines 1 to 29 are of acme-mail and hold 97 events; lines 30 to 48 are of north-loyalty and hold 50, its line 40 aside,
 * which is cut off in the middle and so names no tenant that could be read: 1 event.
 *
 * | Line | Events that are not delivered |
 * |---|---|
 * | 8 | the second copy of `am-0027`: filtered, `duplicate` |
 * | 14 | `am-0049` without consent for analytics, `am-0050` without any: filtered, `consent:analytics` of the feed `ios` |
 * | 18 | `am-0061` not for mParticle, `am-0062` for no one: filtered, `integrations` |
 * | 19 | `am-0064` has no id of anyone: rejected, `identity_missing` |
 * | 40 | not JSON: rejected, `body_not_json` |
 * | 43 | the second copy of `nl-0033`: filtered, `duplicate` |
 *
 * Historical are the events of line 25 (5) and the older one of line 26 (1), lines 41 (5, by mode) and 42 (3).
 */
export const expectedEndings: {
  readonly events: EndingCounts;
  readonly byTenant: Readonly<Record<"acme-mail" | "north-loyalty", EndingCounts>>;
  readonly withoutTenant: EndingCounts;
  readonly filteredByRule: Readonly<Record<string, number>>;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  /** Delivered events by the path they took. */
  readonly deliveredByRoute: Readonly<Record<"live" | "historical", number>>;
} = {
  events: { received: 148, delivered: 140, filtered: 6, rejected: 2, held: 0 },
  byTenant: {
    "acme-mail": { received: 97, delivered: 91, filtered: 5, rejected: 1, held: 0 },
    "north-loyalty": { received: 50, delivered: 49, filtered: 1, rejected: 0, held: 0 },
  },
  withoutTenant: { received: 1, delivered: 0, filtered: 0, rejected: 1, held: 0 },
  filteredByRule: { "consent:analytics": 2, duplicate: 2, integrations: 2 },
  rejectedByReason: { body_not_json: 1, identity_missing: 1 },
  deliveredByRoute: { live: 126, historical: 14 },
};
