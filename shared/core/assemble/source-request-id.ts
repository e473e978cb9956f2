import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Route } from "../route.ts";

/**
 * The id by which mParticle recognises a batch that it already took, for at least 30 days and within one API key.
 *
 * The same events in the same grouping always give the same id, whatever the order in which the queue handed them out:
 * ids are sorted, and `content` is built from sorted events. Message ids carry the identity, by SHA-256; content only has
 * to tell apart what the same events became at different times, for which its length and CRC-32 do at a fifth of the cost.
 *
 * @param messageIds - Of every event that contributed, profile updates included.
 * @param content - The batch's JSON text without the id.
 * @param contentBytes - UTF-8 bytes of `content`.
 * @see https://docs.mparticle.com/developers/apis/json-reference/ `source_request_id`
 */
export function sourceRequestId(
  feed: { tenantId: string; feedId: string },
  route: Route,
  messageIds: readonly string[],
  content: string,
  contentBytes: number,
): string {
  const ids = messageIds.length > 1 ? JSON.stringify([...messageIds].sort()) : JSON.stringify(messageIds);
  const digest = `${contentBytes} ${crc32(content)}`;
  return hash("sha256", `${feed.tenantId}\n${feed.feedId}\n${route}\n${digest}\n${ids}`, "base64url");
}
