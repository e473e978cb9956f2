import { assemble } from "../../../shared/core/assemble/assemble.ts";
import { convertEvent } from "../../../shared/core/convert/convert-event.ts";
import type { Mode, PartnerEvent } from "../../../shared/core/message.schema.ts";
import type { Feed } from "../../../shared/core/tenant.schema.ts";
import { feed as feedOf, NOW_MS, tenant as tenantOf } from "../../support/builders.ts";
import type { SeenBatch } from "../../support/fake-mparticle.ts";

export interface AssembleOptions {
  readonly feed?: Feed;
  readonly tenantId?: string;
  readonly mode?: Mode;
  readonly nowMs?: number;
  readonly partnerIdentity?: string;
}

export interface Assembled {
  readonly route: "live" | "historical";
  /** The bytes, as text. */
  readonly body: string;
  readonly batch: SeenBatch & Record<string, unknown>;
  readonly eventCount: number;
  /** Indexes of the events that it decides. */
  readonly sources: readonly number[];
}

/** Converts partner events and assembles what they contribute; the index of an event is its number. */
export function assembled(events: readonly unknown[], options: AssembleOptions = {}) {
  const { feed = feedOf(), tenantId = "acme", mode = "auto", nowMs = NOW_MS, partnerIdentity } = options;
  const { tenant } = tenantOf(tenantId);
  const parts = events.map((event, source) => {
    const context = { tenant, feed, sentAtMs: NOW_MS, ...(partnerIdentity && { partnerIdentity }) };
    const conversion = convertEvent(event as PartnerEvent, context);
    if (conversion.kind !== "contribution") throw new Error(`Event ${source} is ${conversion.kind}`);
    return { source, mode, contribution: conversion.contribution };
  });
  const { batches, refused } = assemble(parts, { tenantId, feed, nowMs });
  return {
    batches: batches.map(
      ({ route, body, eventCount, sources }): Assembled => ({
        route,
        body: String(body),
        batch: JSON.parse(String(body)),
        eventCount,
        sources: [...sources].sort((a, b) => a - b),
      }),
    ),
    refused: refused.map(({ source, finding }) => ({ source, code: finding.code })),
  };
}

/** Message ids of a batch's events, in their order. */
export function idsOf({ batch }: Pick<Assembled, "batch">): string[] {
  return (batch.events ?? []).map(({ data }) => data.source_message_id);
}
