import type { Contribution } from "../../shared/core/contribution.ts";
import { convertEvent } from "../../shared/core/convert/convert-event.ts";
import type { PartnerEvent } from "../../shared/core/message.schema.ts";
import type { FeedItems } from "./find-feeds.ts";
import { type EventItem, isOpen, type Pass, reject } from "./pass.ts";

/**
 * Converts one feed's events. Afterwards each has a contribution, or ended as filtered or rejected.
 *
 * The same message id twice in one pass is one event: the later copy is filtered.
 */
export function convertItems(
  pass: Pass,
  { tenant, feed, items }: FeedItems,
  partnerIdentity: string | undefined,
): void {
  const seen = new Set<string>();
  for (const index of items) {
    const item = pass.items[index];
    if (item?.kind !== "event" || !isOpen(item) || !("event" in item.content)) continue;
    const conversion = convertEvent(item.content.event as PartnerEvent, {
      tenant,
      feed,
      sentAtMs: pass.records[item.record]?.sentAtMs ?? 0,
      ...(partnerIdentity && { partnerIdentity }),
    });
    item.findings = conversion.findings;
    if (conversion.kind === "filtered") item.ending = { kind: "filtered", rule: conversion.rule };
    else if (conversion.kind === "rejected") reject(item, conversion.findings);
    else contribute(item, conversion.contribution, seen);
  }
}

function contribute(item: EventItem, contribution: Contribution, seen: Set<string>): void {
  if (seen.has(contribution.messageId)) {
    item.ending = { kind: "filtered", rule: "duplicate" };
    return;
  }
  seen.add(contribution.messageId);
  item.contribution = contribution;
}
