import type { Catalogue, Finding } from "../finding.ts";

/**
 * Looked for in previews only: what is sent as it is, and then dropped by mParticle without a word, kept apart, or of less use
 * than its sender thinks.
 */
export const LINTS = {
  name_holds_id: [
    "warning",
    "An event or screen name holds an id or an address: past 1,000 different names mParticle drops new ones.",
  ],
  name_near_limit: ["info", "An event or screen name nears the 256 characters at which mParticle cuts it."],
  screen_unnamed: ["warning", "The screen has no name, so that it counts with all others that have none."],
  attributes_near_limit: [
    "info",
    "The event nears the number of attributes that it may have: 100, one of which mParticle adds.",
  ],
  attribute_of_mparticle: [
    "warning",
    "The attribute has the name of the one that mParticle adds to every event of a feed.",
  ],
  attribute_unprefixed: [
    "info",
    "User attributes without a prefix of yours: a partner feed cannot set one that another source owns.",
  ],
  attribute_kind_varies: [
    "warning",
    "The user attribute is text in one batch and a list in another; mParticle asks for one of the two.",
  ],
  trait_null_ignored: [
    "info",
    "A trait that is null changes nothing at mParticle: this feed ignores it. With nullTraits: delete it would be forgotten.",
  ],
  identity_weak: [
    "warning",
    "Neither customer id, e-mail address nor other id: what is known of the user elsewhere is not merged with this.",
  ],
  identity_placeholder: [
    "warning",
    "The identity looks like a placeholder: all users who have it become one person.",
  ],
  identity_unlisted: [
    "warning",
    "The identity is in mParticle's schema, but not among those that it resolves users by.",
  ],
  email_implausible: ["warning", "The identity email does not look like an e-mail address."],
  phone_not_international: [
    "info",
    "The phone number does not state its country (+, country, number): other sources may write it otherwise.",
  ],
  event_for_sdks: [
    "warning",
    "Events of this type are bookkeeping of mParticle's SDKs; outputs ignore them.",
  ],
  opt_out_sent: [
    "warning",
    "The event takes the user out of all audiences and stops collection in the SDKs.",
  ],
  platform_missing: [
    "warning",
    "The device names no platform: outputs that need iOS, Android or Web do not take its events.",
  ],
  historical_not_forwarded: [
    "info",
    "mParticle does not forward historical data to outputs, and recalculates no calculated attribute for it.",
  ],
  historical_goes_live: [
    "info",
    "Historical was asked for, but mParticle skips what is younger than 72 hours or has no event: it goes live.",
  ],
  environment_development: [
    "info",
    "The feed is active and sends development data, which mParticle keeps apart from production.",
  ],
  data_plan_violated: [
    "warning",
    "The data plan does not allow it: mParticle may drop it, if the plan blocks, or report it.",
  ],
  events_per_user_high: [
    "warning",
    "Over 150 events of one user in 24 hours: past that average mParticle may restrict the feed.",
  ],
} as const satisfies Catalogue;

export type LintCode = keyof typeof LINTS;

/** Makes a finding of a preview; see `finding`. @param detail - Replaces the sentence of the catalogue; never quotes a value. */
export function lintFinding(code: LintCode, path = "", detail?: string): Finding {
  const [severity, sentence] = LINTS[code];
  return { code, severity, path, message: detail ?? sentence };
}
