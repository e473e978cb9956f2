import type { BatchEvent } from "../batch.schema.ts";
import {
  applicationOpened,
  crashReport,
  installAttributed,
  pushMessage,
  transitionEvent,
  uninstallEvent,
} from "./app-events.ts";
import { type Call, customEvent } from "./call.ts";
import { commerceEvent } from "./commerce.ts";
import { type CommerceRule, REFUND, type TrackRule } from "./event-table.ts";
import { note } from "./findings.ts";

/** The event of a track call. @param rule - The event table's; undefined when it does not name the event. */
export function trackEvent(name: string, rule: TrackRule | undefined, call: Call): BatchEvent {
  const { eventTypes, orderCancelled } = call.mapping;
  const type = Object.hasOwn(eventTypes, name) ? eventTypes[name] : undefined;
  switch (rule?.kind) {
    case undefined:
      return customEvent(name, "event", type ?? "other", call);
    case "custom":
      return customEvent(rule.name ?? name, "event", type ?? rule.type, call);
    case "product_action":
    case "promotion":
    case "impression":
      return commerceOrCustomEvent(name, rule, call);
    case "order_cancelled":
      return orderCancelled === "refund"
        ? commerceOrCustomEvent(name, REFUND, call)
        : customEvent(name, "event", type ?? "transaction", call);
    case "transition":
      return transitionEvent(rule, call);
    case "application_opened":
      return applicationOpened(call);
    case "uninstall":
      return uninstallEvent(call);
    case "crash":
      return crashReport(name, call);
    case "install_attributed":
      return installAttributed(call);
    case "push":
      return pushMessage(rule.type, name, call);
  }
}

function commerceOrCustomEvent(name: string, rule: CommerceRule, call: Call): BatchEvent {
  const event = commerceEvent(rule, call);
  if (event) return event;
  note(call.findings, "commerce_degraded", "properties");
  return customEvent(name, "event", "transaction", call);
}
