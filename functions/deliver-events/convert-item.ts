import type { Conversion } from "../../shared/core/contribution.ts";
import { convertOrReject } from "../../shared/core/convert/convert-or-reject.ts";
import { nameOf } from "../../shared/core/error-name.ts";
import type { Mode, PartnerEvent } from "../../shared/core/message.schema.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { type EventItem, type Pass, type PassFeed, reject } from "./pass.ts";

interface ConvertItemContext {
  /** The item's index in the pass. */
  readonly source: number;
  readonly mode: Mode;
  readonly feed: PassFeed;
  readonly pass: Pass;
  readonly deps: DeliverDeps;
}

/** Converts an event for its feed. Afterwards its item has a part, or ended as filtered or rejected. */
export function convertItem(item: EventItem, event: PartnerEvent, context: ConvertItemContext): void {
  const { source, mode } = context;
  const { messageIds } = context.feed;
  const conversion = converted(item, event, context);
  item.findings = conversion.findings;
  if (conversion.kind === "filtered") {
    item.ending = { kind: "filtered", rule: conversion.rule };
    return;
  }
  if (conversion.kind === "rejected") {
    reject(item, conversion.findings);
    return;
  }
  const { contribution } = conversion;
  // The same message id twice in one pass is one event. A set that does not grow had it already: one look, not two.
  const known = messageIds.size;
  if (messageIds.add(contribution.messageId).size === known) {
    item.ending = { kind: "filtered", rule: "duplicate" };
    return;
  }
  item.part = { source, contribution, mode };
}

function converted(
  { sentAtMs }: EventItem,
  event: PartnerEvent,
  { feed: { tenant, feed }, deps: { settings, log } }: ConvertItemContext,
): Conversion {
  const context = { tenant, feed, sentAtMs, partnerIdentity: settings.partnerIdentity };
  return convertOrReject(event, context, (error) =>
    log.error("Converting an event failed: it ends as rejected", {
      tenantId: tenant.tenantId,
      feedId: feed.feedId,
      error: nameOf(error),
    }),
  );
}
