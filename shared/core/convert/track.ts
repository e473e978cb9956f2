import type { BatchEvent } from "../batch.schema.ts";
import type { Target } from "../mapping/rule.ts";
import type { SegmentEvent } from "../message.schema.ts";
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
import { note } from "./findings.ts";
import type { Fields } from "./reader.ts";
import { screenView } from "./screen-view.ts";

type TargetOfEvent = Exclude<Target, { kind: "profile" }>;

/** The event that a call becomes by a rule. @param name - The call's own. */
export function targetEvent(
  target: TargetOfEvent,
  name: string,
  event: SegmentEvent,
  call: Call,
): BatchEvent {
  switch (target.kind) {
    case "custom":
      return customEvent(target.name ?? name, "event", target.type, call, pageOf(event, call));
    case "screen":
      return screenView(event, call);
    case "product_action":
    case "promotion":
    case "impression":
    case "commerce":
      return commerceOrCustomEvent(name, target, call);
    case "transition":
      return transitionEvent(target, call);
    case "application_opened":
      return applicationOpened(call);
    case "uninstall":
      return uninstallEvent(call);
    case "crash":
      return crashReport(name, call);
    case "install_attributed":
      return installAttributed(call);
    case "push":
      return pushMessage(target.type, name, call);
  }
}

function pageOf(event: SegmentEvent, { findings }: Call): Fields | undefined {
  const isPage = event.type === "page" || event.type === "screen";
  return isPage ? { values: event, path: "", findings } : undefined;
}

function commerceOrCustomEvent(
  name: string,
  target: Parameters<typeof commerceEvent>[0],
  call: Call,
): BatchEvent {
  const event = commerceEvent(target, call);
  if (event) return event;
  note(call.findings, "commerce_degraded", "properties");
  return customEvent(name, "event", "transaction", call);
}
