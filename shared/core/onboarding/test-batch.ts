import type { Batch } from "../batch.schema.ts";

/** The identity under which all test events go: of nobody, by a domain that nobody can own (RFC 2606). */
const NOBODY = "connection-test@partner-feed-connector.invalid";

/** What the test event is called. */
export const TEST_EVENT_NAME = "Partner feed connection test";

/**
 * The batch by which keys are tested: one marked event of an invented user, for the development environment.
 *
 * @param id - Of this test; mParticle takes the same id for the same batch.
 */
export function testBatch(id: string, nowMs: number): Batch {
  return {
    environment: "development",
    source_request_id: id,
    user_identities: { email: NOBODY },
    events: [
      {
        event_type: "custom_event",
        data: {
          event_name: TEST_EVENT_NAME,
          custom_event_type: "other",
          source_message_id: id,
          timestamp_unixtime_ms: nowMs,
          custom_attributes: { is_connection_test: "true" },
        },
      },
    ],
  };
}
