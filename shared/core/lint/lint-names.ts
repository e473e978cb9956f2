import type { BatchEvent } from "../batch.schema.ts";
import type { Finding } from "../finding.ts";
import { MAX_EVENT_ATTRIBUTES, MAX_NAME_LENGTH } from "../limits.ts";
import { lintFinding } from "./lint-finding.ts";

/** Nine tenths of a limit are near it. */
const NEAR = 0.9;

/** Added by mParticle itself, to every event. */
const SOURCE_FEED = "mparticle source feed";

/** An address, an e-mail address, a UUID, a long hexadecimal with digits, six digits in a row. */
const IDS = [
  /:\/\/|^www\.|\.html?\b|\?\w+=/i,
  /\S@\S+\.\S/,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i,
  /\b(?=[a-z]*\d)[0-9a-f]{12,}\b/i,
  /\d{6}/,
];

/** Whether a name differs from event to event, as ids and addresses do. */
export function holdsId(name: string): boolean {
  return IDS.some((id) => id.test(name));
}

/** The name by which mParticle counts an event; undefined: its type has none. */
export function nameOfEvent(event: BatchEvent): string | undefined {
  if (event.event_type === "custom_event") return event.data.event_name;
  return event.event_type === "screen_view" ? event.data.screen_name : undefined;
}

/** What is wrong with the names that an event has, and with how many. @param path - Of the event's data. */
export function lintNames(event: BatchEvent, path: string): Finding[] {
  const findings: Finding[] = [];
  const isScreen = event.event_type === "screen_view";
  const place = `${path}.${isScreen ? "screen_name" : "event_name"}`;
  const name = nameOfEvent(event);
  if (name !== undefined) {
    if (holdsId(name)) findings.push(lintFinding("name_holds_id", place));
    if (name.length > NEAR * MAX_NAME_LENGTH) findings.push(lintFinding("name_near_limit", place));
    if (isScreen && name === "unknown") findings.push(lintFinding("screen_unnamed", place));
  }
  const { custom_attributes: given } = event.data as { custom_attributes?: object | null };
  const attributes = Object.keys(given ?? {});
  if (attributes.length > NEAR * MAX_EVENT_ATTRIBUTES)
    findings.push(lintFinding("attributes_near_limit", `${path}.custom_attributes`));
  if (attributes.some((attribute) => attribute.trim().toLowerCase() === SOURCE_FEED))
    findings.push(lintFinding("attribute_of_mparticle", `${path}.custom_attributes`));
  return findings;
}
