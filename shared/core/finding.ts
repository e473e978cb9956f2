/**
 * A finding is what the connector noticed about one event: a value that was trimmed, a mapping that was degraded, or
 * the reason for a refusal. Preview, log, metrics and parked records all speak in these codes, so a code is a public
 * contract: add to the list, never change a meaning.
 */

import { EVENT_TYPES } from "./event-types.ts";
import type { LintCode } from "./lint/lint-finding.ts";

/** `error`: the event ends as rejected. `warning`: sent, but not everything arrived as given. `info`: sent as meant. */
export type Severity = "error" | "warning" | "info";

export type Catalogue = Record<string, readonly [Severity, string]>;

/**
 * Every code that conversion gives, with its severity and one sentence a customer understands. Sentences never quote a value. What
 * conversion sees anyway: noticing costs nothing where all is well. What only previews look for is in `lint/lint-finding.ts`.
 */
export const FINDINGS = {
  // The message or the event cannot be read.
  body_not_json: ["error", "The message body is not JSON."],
  message_invalid: ["error", "The message does not have the shape of the message contract."],
  event_invalid: ["error", "The event does not have the shape of the message contract."],
  event_type_unknown: ["error", `The event's type is missing, or none of ${EVENT_TYPES.join(", ")}.`],
  // The event can be read but never sent.
  identity_missing: [
    "error",
    "The event names nobody: give it a user id, an anonymous id, an e-mail address or a device id.",
  ],
  identity_too_long: ["error", "An identity is longer than 256 bytes."],
  event_too_large: ["error", "The event alone is larger than a whole batch may be: 125,000 bytes."],
  too_old_for_live: ["error", "Older than the live path takes, and the message forbids the historical path."],
  batch_invalid: ["error", "The batch fails mParticle's schema."],
  refused_by_mparticle: ["error", "mParticle answered that this batch is malformed."],
  event_unmapped: [
    "error",
    "No rule of the feed's mapping names the event, and the feed refuses such events.",
  ],
  mapping_too_costly: [
    "error",
    "The feed's mapping reads too many values of this event: its loops are too long.",
  ],
  conversion_failed: [
    "error",
    "Converting the event failed unexpectedly: this is a defect of the connector or of the feed's stored settings.",
  ],
  row_model_unknown: ["error", "The feed has no row model of this name."],
  row_field_missing: ["error", "A row lacks a field that its event type needs."],
  audience_list_needs_mirror: [
    "error",
    "The feed keeps audiences in one list, which is set as a whole: send all of them with the action mirror.",
  ],
  audience_known_missing: [
    "error",
    "The feed names no known audiences, so that mirror could take none away.",
  ],
  // Sent, with less than was given.
  row_value_invalid: ["warning", "A column is of another type than its field and was left out."],
  row_product_missing: ["warning", "A commerce row names no product: neither id nor name."],
  row_timestamp_missing: [
    "warning",
    "The column of a row's time is absent or null: the row counts as of its message's time.",
  ],
  audience_not_known: [
    "warning",
    "An audience is none that the feed knows, so that no mirror takes it away.",
  ],
  timestamp_without_zone: ["info", "A column's time names no zone and was read as UTC."],
  mapping_value_unusable: [
    "warning",
    "A value that the feed's mapping converts is of another kind; the field was left out. The place is the mapping's.",
  ],
  identity_invalid: ["warning", "An identity is not a usable text and was left out."],
  timestamp_invalid: [
    "warning",
    "A timestamp is unreadable, before September 2001, or over a day ahead; the next best time was used.",
  ],
  empty_list_read: ["info", "An empty list was read as an object without members."],
  timestamp_in_seconds: ["info", "The timestamp was given in seconds and read as such."],
  attribute_name_cut: ["warning", "An attribute name over 256 characters was cut."],
  attribute_name_taken: ["warning", "Two fields give an attribute of one name; the first was kept."],
  attribute_name_invalid: ["warning", "An attribute name cannot be used and its attribute was left out."],
  attribute_name_reserved: [
    "warning",
    "A custom attribute name starts with $, which marks mParticle's own; the sign was taken off.",
  ],
  attribute_value_cut: ["warning", "An attribute value over 4096 characters was cut."],
  attribute_value_invalid: ["warning", "An attribute's value cannot be written as text and was left out."],
  attributes_over_limit: [
    "warning",
    "More than the 99 attributes that an event may have; the later ones were left out.",
  ],
  list_cut: ["warning", "A list attribute over 1000 entries, or too large for a batch, was cut."],
  list_entry_dropped: [
    "warning",
    "A list entry was left out: null, an object, a list, or over 512 characters.",
  ],
  name_cut: ["warning", "An event or screen name over 256 characters was cut."],
  text_repaired: ["warning", "Text with broken Unicode was repaired."],
  field_invalid: ["warning", "A field has a type or value that mParticle does not take and was left out."],
  commerce_degraded: [
    "warning",
    "A commerce event lacks what mParticle needs, such as products, and was sent as a custom event.",
  ],
  alias_unusable: ["warning", "An alias names nothing that an Events API batch can express."],
  consent_stripped: ["warning", "Consent state was left out: a partner feed cannot set it."],
  partner_identities_stripped: ["warning", "Partner identities were left out: this feed cannot set them."],
  event_held_back: [
    "info",
    "An event of the batch tells of an attribute or e-mail address that the feed does not send, and was left out.",
  ],
  environment_overruled: ["warning", "The batch asked for another environment than its feed's."],
  consent_unreadable: [
    "warning",
    "What an event says of a consent purpose is neither true nor false, and was left out.",
  ],
  field_set_by_mparticle: ["warning", "A field that mParticle sets itself, or only writes, was left out."],
  attribute_name_recased: [
    "info",
    "The name of one of mParticle's own attributes was put in lower case, as mParticle documents it.",
  ],
  advertising_id_zero: [
    "info",
    "A device id of zeros, which devices that refuse tracking send, was left out: it is everybody's.",
  ],
  ip_private: ["warning", "The address is private or a placeholder and was left out."],
  platform_unknown: [
    "warning",
    "The device names none of mParticle's platforms, so that its ids have no place and were left out.",
  ],
  location_incomplete: [
    "warning",
    "A location lacks one of its coordinates, without which mParticle takes none.",
  ],
  event_type_replaced: [
    "warning",
    "The custom event type attribution is documented but refused by mParticle's schema; other was sent.",
  ],
  action_respelt: ["info", "The action remove_from_wishlist was sent as mParticle spells it."],
} as const satisfies Catalogue;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode | LintCode;
  readonly severity: Severity;
  /** Place in the event, dotted, array positions as `[0]`; empty for the event as a whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * Makes a finding.
 *
 * @param detail - Replaces the sentence of the catalogue; must name places and limits only, never a value.
 */
export function finding(code: FindingCode, path = "", detail?: string): Finding {
  const [severity, sentence] = FINDINGS[code];
  return { code, severity, path, message: detail ?? sentence };
}

/** Where a code is explained, from the project's root. */
export function documentationOf(code: Finding["code"]): string {
  return `docs/findings.md#${code}`;
}
