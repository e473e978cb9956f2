import type { Conversion } from "../contribution.ts";
import { finding } from "../finding.ts";
import type { PartnerEvent } from "../message.schema.ts";
import { type ConvertContext, convertEvent } from "./convert-event.ts";

/**
 * {@link convertEvent}, should it throw: a defect met by one event ends that event only. Thrown on, it would cost all others of an
 * invocation again and again, or all others of a preview.
 *
 * @param failed - Is told what was thrown.
 */
export function convertOrReject(
  event: PartnerEvent,
  context: ConvertContext,
  failed: (error: unknown) => void,
): Conversion {
  try {
    return convertEvent(event, context);
  } catch (error) {
    failed(error);
    return { kind: "rejected", findings: [finding("conversion_failed")] };
  }
}
