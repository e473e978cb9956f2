import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Route } from "../route.ts";

/** Characters of an id: 256 bits in base64url. */
export const ID_LENGTH = 43;

export interface IdentifiedContent {
  readonly tenantId: string;
  readonly feedId: string;
  readonly route: Route;
  /** Of every event that contributed, profile updates included. */
  readonly messageIds: readonly string[];
  /** The serialised batch with a placeholder for its id. */
  readonly content: Buffer;
}

/**
 * The id by which mParticle recognises a batch that it already took, for at least 30 days and within one API key.
 *
 * The same events in the same grouping always give the same id, whatever the order in which the queue handed them out:
 * ids are sorted, and content is built from sorted events. Message ids carry the identity, by SHA-256; content only has to
 * tell apart what the same events became at different times, for which its length and CRC-32 do at a fraction of the cost.
 *
 * @see https://docs.mparticle.com/developers/apis/json-reference/ `source_request_id`
 */
export function sourceRequestId({ tenantId, feedId, route, messageIds, content }: IdentifiedContent): string {
  const ids = messageIds.length > 1 ? messageIds.toSorted() : messageIds;
  const digest = `${content.length} ${crc32(content)}`;
  return hash("sha256", `${tenantId}\n${feedId}\n${route}\n${digest}\n${JSON.stringify(ids)}`, "base64url");
}
