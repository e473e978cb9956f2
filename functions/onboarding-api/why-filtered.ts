import type { FilterRule } from "../../shared/core/contribution.ts";

const CONSENT = "consent:";

const SENTENCES: Readonly<Record<Exclude<FilterRule, `consent:${string}`>, string>> = {
  integrations: "The event says itself, in `integrations`, that it is not for mParticle.",
  unmapped: "No rule of the mapping names the event, and the feed drops such events.",
  blocked: "The tenant's list of blocked events has its name or its type.",
  ignored: "A rule of the mapping says that such events are not sent.",
  alias_unusable:
    "The alias names no anonymous id that could be joined to its user, so that a batch cannot express it.",
  duplicate: "An earlier event of these has the same message id: it is sent once.",
};

/** What a rule says no to, in a sentence for whoever sends the event. */
export function whyFiltered(rule: FilterRule): string {
  return isConsent(rule)
    ? `The event does not say that the user agreed to "${rule.slice(CONSENT.length)}", which the feed requires.`
    : SENTENCES[rule];
}

function isConsent(rule: FilterRule): rule is `consent:${string}` {
  return rule.startsWith(CONSENT);
}
