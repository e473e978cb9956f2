import middy from "@middy/core";
import { parseVerifyRequest } from "../../shared/core/validators.ts";
import type { VerifyRequest } from "../../shared/core/verify-request.schema.ts";
import type { StoredKeyProof } from "../../shared/ports-onboarding.ts";
import { withoutMessage } from "../../shared/runtime/without-message.ts";
import { type VerifyDeps, verifyFeed } from "./verify-feed.ts";

/**
 * The Lambda handler over given dependencies: takes a `VerifyRequest`, answers with a `StoredKeyProof`, or null where no keys are
 * stored.
 *
 * @param report - Takes what was asked for and found.
 */
export function createHandler(
  deps: () => VerifyDeps,
  report: (request: VerifyRequest, proof: StoredKeyProof | null) => void,
) {
  return middy<unknown, StoredKeyProof | null>().handler(async (event) => {
    const request = parseVerifyRequest(event);
    const proof = await verifyFeed(request, deps()).catch((error: unknown) => {
      throw withoutMessage(error);
    });
    report(request, proof);
    return proof;
  });
}
