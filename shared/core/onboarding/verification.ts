import type { Verification } from "../../api/verification.schema.ts";
import type { DeliveryOutcome } from "../outcome.ts";
import type { Feed } from "../tenant.schema.ts";

/** Where a customer finds keys, and sees test events arrive, in mParticle's web platform. */
const FEEDS_SCREEN = "Setup > Inputs > Feeds";
const LIVE_STREAM_SCREEN = "Data Master > Live Stream";

const ACCEPTED_IS_NOT_PROCESSED =
  "mParticle accepts data before it processes it: that the test event was accepted does not prove that it arrives where it should.";
const WRONG_POD =
  "A pod that is not the workspace's own may accept data all the same and lose it: compare the pod with the address of mParticle's web platform.";
const ENVIRONMENT =
  "The test was sent to the development environment only. Whether production data is let through is decided in mParticle.";

/**
 * What an answer of mParticle to a test of keys means, for people.
 *
 * @see https://docs.mparticle.com/developers/apis/http/#http-status-codes
 */
export function verificationOf(
  outcome: DeliveryOutcome,
  { kind }: Pick<Feed, "kind">,
  checkedAt: string,
): Verification {
  switch (outcome.kind) {
    case "accepted":
      return {
        outcome: "accepted",
        checkedAt,
        summary: "mParticle accepted a test event with these keys.",
        advice: 'Look for the event "Partner feed connection test" in the development environment.',
        screen: LIVE_STREAM_SCREEN,
        caveats: [ACCEPTED_IS_NOT_PROCESSED, ...(kind === "custom" ? [WRONG_POD] : []), ENVIRONMENT],
      };
    case "unauthorized":
      return {
        outcome: "refused",
        checkedAt,
        summary:
          outcome.status === 403
            ? "mParticle knows these keys and does not allow them, or does not know them."
            : "mParticle does not know these keys.",
        advice:
          kind === "custom"
            ? "Copy key and secret of the custom feed again, and check that the pod is the workspace's and that the feed is enabled."
            : "Copy key and secret of this partner's feed again (not those of a platform or of the workspace), and check that the feed is enabled.",
        screen: FEEDS_SCREEN,
        caveats: [
          "mParticle does not say which of the two is wrong, or whether the feed is merely disabled.",
        ],
      };
    case "throttled":
      return {
        outcome: "throttled",
        checkedAt,
        summary: "mParticle takes no more requests just now (429), so that nothing is known of these keys.",
        advice: "Try again.",
        caveats: [],
      };
    case "unavailable":
      return {
        outcome: "unavailable",
        checkedAt,
        summary: `mParticle did not answer the test (${outcome.reason}), so that nothing is known of these keys.`,
        advice: "Try again; see https://status.mparticle.com if it stays so.",
        caveats: ["The test event may have arrived all the same."],
      };
    case "malformed":
    case "refused":
      return {
        outcome: "unexpected",
        checkedAt,
        summary: `mParticle answered the test in a way that it does not document (${outcome.reason}).`,
        advice: "Tell whoever runs this connector: the test itself may be at fault.",
        caveats: ["Whether the keys are right cannot be told from this answer."],
      };
  }
}
