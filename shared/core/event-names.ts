/**
 * The different names that a feed's events and screens have. A workspace takes 1,000 of them together; mParticle drops events of
 * every further name, with a 202.
 *
 * @see https://docs.mparticle.com/guides/default-service-limits/
 */
import { hash } from "node:crypto";
import type { BatchEvent } from "./batch.schema.ts";

/** Names of a workspace, past which mParticle drops new ones. */
export const MAX_EVENT_NAMES = 1000;

/** Names that are worth a warning: there is time yet to mend what makes them. */
export const MANY_EVENT_NAMES = 800;

/** Names that are counted. More of them say nothing new, and the item that holds them stays below 20 kB. */
export const MAX_COUNTED_NAMES = 1200;

/** Characters of a name's hash: 72 bits tell a thousand names apart. */
const HASH_LENGTH = 12;

/** The name by which mParticle counts an event, told apart from screens of the same name; undefined: its type has none. */
export function countedName(event: BatchEvent): string | undefined {
  if (event.event_type === "custom_event") return `e ${event.data.event_name}`;
  return event.event_type === "screen_view" ? `s ${event.data.screen_name}` : undefined;
}

/** What is stored of a counted name: not the name, which may hold what it should not. */
export function hashOfName(counted: string): string {
  return hash("sha256", counted, "base64url").slice(0, HASH_LENGTH);
}
