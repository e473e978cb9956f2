import type { Contribution } from "../contribution.ts";
import type { Finding } from "../finding.ts";
import type { Mode } from "../message.schema.ts";
import type { Route } from "../route.ts";
import type { Feed } from "../tenant.schema.ts";
import { buildGroup } from "./build-group.ts";
import { groupParts } from "./group-parts.ts";

/** A contribution with the number by which the caller knows its event. */
export interface Part {
  readonly source: number;
  readonly contribution: Contribution;
  readonly mode: Mode;
}

/** A batch as it will be sent, byte for byte, every time. */
export interface BuiltBatch {
  readonly route: Route;
  /** JSON as UTF-8. */
  readonly body: Buffer;
  /** Events inside; 0 for a profile update. */
  readonly eventCount: number;
  /** The events whose ending depends on this batch. One that is spread over several batches is named in each. */
  readonly sources: readonly number[];
}

/** A part that no batch can carry, and why. */
export interface Refusal {
  readonly source: number;
  readonly finding: Finding;
}

export interface Assembly {
  readonly batches: BuiltBatch[];
  readonly refused: Refusal[];
}

/** What groups are built in. */
export interface GroupContext extends AssembleContext {
  /** Source request ids that the feed's mapping gives to more than one group: no batch has one of them as it is. */
  readonly sharedIds: ReadonlySet<string>;
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
  const groups = groupParts(parts);
  const shared = sharedIds(groups);
  for (const group of groups) buildGroup(group, { ...context, sharedIds: shared }, assembly);
  return assembly;
}

/** Most feeds give no ids. */
const NO_IDS: ReadonlySet<string> = new Set();

function sharedIds(groups: readonly (readonly Part[])[]): ReadonlySet<string> {
  const seen = new Set<string>();
  let shared: Set<string> | undefined;
  for (const [first] of groups) {
    const id = first?.contribution.envelope.sourceRequestId;
    if (id === undefined) continue;
    if (seen.has(id)) {
      shared ??= new Set();
      shared.add(id);
    }
    seen.add(id);
  }
  return shared ?? NO_IDS;
}
