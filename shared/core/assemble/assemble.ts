import type { Contribution } from "../contribution.ts";
import type { Finding } from "../finding.ts";
import type { Mode } from "../message.schema.ts";
import type { Route } from "../route.ts";
import type { Feed } from "../tenant.schema.ts";
import { buildGroup } from "./build-group.ts";

/** A contribution with the number by which the caller knows its event. */
export interface Part {
  readonly source: number;
  readonly contribution: Contribution;
  readonly mode: Mode;
}

/** A batch as it will be sent, byte for byte, every time. */
export interface BuiltBatch {
  readonly route: Route;
  /** JSON text. */
  readonly body: string;
  /** UTF-8 bytes of `body`. */
  readonly bytes: number;
  /** Events inside; 0 for a profile update. */
  readonly eventCount: number;
  /** The events whose ending depends on this batch. One that is spread over several batches is named in each. */
  readonly sources: readonly number[];
}

export interface Refusal {
  readonly source: number;
  readonly finding: Finding;
}

export interface Assembly {
  readonly batches: BuiltBatch[];
  /** Parts that no batch can carry. */
  readonly refused: Refusal[];
}

export interface AssembleContext {
  readonly tenantId: string;
  readonly feed: Feed;
  /** Age is judged against this: the time of sending. */
  readonly nowMs: number;
}

/**
 * Merges one feed's contributions into batches: one batch per envelope and route while limits allow, events in time
 * order, a later attribute winning over an earlier one.
 *
 * Pure: the same parts in any order give the same batches with the same ids.
 */
export function assemble(parts: readonly Part[], context: AssembleContext): Assembly {
  const assembly: Assembly = { batches: [], refused: [] };
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const { own, mpid } = part.contribution;
    const envelope = envelopeText(part.contribution);
    if (own !== undefined || mpid !== undefined) {
      buildGroup([part], envelope, context, assembly);
      continue;
    }
    const group = groups.get(envelope);
    if (group) group.push(part);
    else groups.set(envelope, [part]);
  }
  for (const [envelope, group] of groups) buildGroup(group, envelope, context, assembly);
  return assembly;
}

/**
 * A batch's members about person, device and address, as JSON text. Conversion writes the fields of an envelope in one
 * order always, so equal envelopes have equal text.
 */
function envelopeText({ envelope, own, mpid }: Contribution): string {
  const members = JSON.stringify({
    user_identities: envelope.userIdentities,
    partner_identities: envelope.partnerIdentities,
    device_info: envelope.deviceInfo,
    application_info: envelope.applicationInfo,
    ip: envelope.ip,
    ...own,
  }).slice(1, -1);
  // Digits, not a number: an mParticle id exceeds what a JavaScript number holds.
  return mpid === undefined ? members : `"mpid":${mpid}${members && ","}${members}`;
}
