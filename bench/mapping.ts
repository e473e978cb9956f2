import { convertEvent } from "../shared/core/convert/convert-event.ts";
import type { MappingDocument } from "../shared/core/mapping/mapping.schema.ts";
import { SEGMENT } from "../shared/core/mapping/presets/segment.ts";
import type { PartnerEvent } from "../shared/core/message.schema.ts";
import { parseFeed, parseTenant } from "../shared/core/validators.ts";
import { median } from "./conversion.ts";
import { sampleBodies } from "./sample-events.ts";

const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
const TENANT = parseTenant({ tenantId: "bench" });
const WARM_UP_ROUNDS = 4;

export interface MappingFigures {
  /** CPU of converting events by the Segment mapping as a document, over the native one. */
  readonly mappingRatio: number;
  /** The same of a document with 50 rules and 100 attribute paths. */
  readonly mappingRatio50: number;
  /** Microseconds of CPU an event, native. */
  readonly nativePerEvent: number;
}

/** Converts the same events by three mappings in turns, so that what disturbs the machine disturbs all of them. */
export function measureMapping(options: { events: number; rounds: number }): MappingFigures {
  const events = sampleBodies({
    events: options.events,
    eventsPerMessage: 10,
    tenantId: "bench",
    nowMs: NOW_MS,
    seed: 1,
  }).flatMap((body): PartnerEvent[] => JSON.parse(body).events);
  const contexts = [{}, SEGMENT, fiftyRules()].map((mapping) => ({
    tenant: TENANT,
    feed: parseFeed({ feedId: "default", status: "active", mapping }),
    sentAtMs: NOW_MS,
  }));
  const rounds: number[][] = [];
  for (let i = 0; i < WARM_UP_ROUNDS + options.rounds; i++) {
    const round = contexts.map((context) => {
      const before = process.cpuUsage();
      for (const event of events) {
        if (convertEvent(event, context).kind !== "contribution")
          throw new Error("Every event must be converted");
      }
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    if (i >= WARM_UP_ROUNDS) rounds.push(round);
  }
  const ratio = (index: number) => median(rounds.map((round) => (round[index] ?? 0) / (round[0] ?? 1)));
  return {
    mappingRatio: ratio(1),
    mappingRatio50: ratio(2),
    nativePerEvent: median(rounds.map(([native = 0]) => native)) / events.length,
  };
}

/** The rules that name the sample's events have ten paths each, which all are read; the 45 others share the rest of the hundred. */
function fiftyRules(): MappingDocument {
  const paths = (count: number, at: string) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`mapped_${i}`, `${at}.${PROPERTIES[i % PROPERTIES.length]}`]),
    );
  const named = ["Email Opened", "Email Clicked", "Reward Viewed", "Order Completed"].map((event) => ({
    event,
    customAttributes: paths(10, "properties"),
  }));
  const others = Array.from({ length: 45 }, (_, i) => ({
    event: i % 9 === 0 ? { prefix: `Never ${i} ` } : `Never Seen ${i}`,
    when: [{ key: "properties.plan", exists: true }],
    customAttributes: paths(i % 9 === 0 ? 2 : 1, "properties"),
  }));
  return { rules: [...others, ...named, { type: "page", customAttributes: paths(10, "context.page") }] };
}

const PROPERTIES = [
  "campaign_id",
  "campaign_name",
  "list",
  "subject",
  "link",
  "position",
  "device",
  "title",
  "path",
  "url",
];
