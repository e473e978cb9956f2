import { previewEvents } from "../../functions/onboarding-api/preview-events.ts";
import type { PreviewAnswer } from "../../shared/api/preview.schema.ts";
import { feedOfEvent } from "../../shared/core/feed-of-event.ts";
import type { Message, Mode, PartnerEvent } from "../../shared/core/message.schema.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import { checkMessage } from "../../shared/core/validators.ts";
import { counted } from "../feedctl/show/counted.ts";
import { showPreview } from "../feedctl/show/preview.ts";
import type { Paper } from "../feedctl/terminal/paper.ts";
import type { StoredTenant } from "../store-tenants.ts";
import type { StartOptions } from "./options.ts";
import { readMessages, readTenants } from "./read-input.ts";

/** What would become of the events for one feed, all of them sent at once. */
export interface FeedPreview extends PreviewAnswer {
  readonly tenantId: string;
  readonly feedId: string;
  readonly mode: Mode;
}

/** What no feed can be told of. */
export interface Unassigned {
  /** Of the input, from 1. */
  readonly line: number;
  readonly ending: "rejected" | "held";
  readonly reason: "message_invalid" | "unknown_tenant" | "unknown_feed";
  readonly events: number;
}

export interface DryRun {
  readonly feeds: readonly FeedPreview[];
  readonly others: readonly Unassigned[];
}

/**
 * What a run with these options would make of its input: the conversion and assembling that the functions run, without a queue, a
 * clock of its own or mParticle.
 */
export function dryRun(options: StartOptions): DryRun {
  const { nowMs = Date.now(), partnerIdentity } = options;
  const tenants = new Map(readTenants(options).map((stored) => [stored.tenant.tenantId, stored]));
  const groups = new Map<string, { stored: StoredTenant; feed: Feed; mode: Mode; events: unknown[] }>();
  const others: Unassigned[] = [];
  for (const [index, body] of readMessages(options).entries()) {
    const line = index + 1;
    const message = readMessage(body);
    if (!message) {
      others.push({ line, ending: "rejected", reason: "message_invalid", events: 1 });
      continue;
    }
    const { tenantId, mode = "auto", events } = message;
    const stored = tenants.get(tenantId);
    if (!stored) {
      others.push({ line, ending: "held", reason: "unknown_tenant", events: events.length });
      continue;
    }
    for (const event of events) {
      const feed = feedFor(event, message, stored);
      if (!feed) {
        others.push({ line, ending: "held", reason: "unknown_feed", events: 1 });
        continue;
      }
      const key = JSON.stringify([tenantId, feed.feedId, mode]);
      const group = groups.get(key);
      if (group) group.events.push(event);
      else groups.set(key, { stored, feed, mode, events: [event] });
    }
  }
  const feeds = Array.from(groups.values(), ({ stored: { tenant }, feed, mode, events }) => ({
    tenantId: tenant.tenantId,
    feedId: feed.feedId,
    mode,
    ...previewEvents({ events, mode }, { tenant, feed, partnerIdentity }, nowMs),
  }));
  return { feeds, others };
}

export function formatDryRun({ feeds, others }: DryRun, paper: Paper): string {
  const parts = feeds.map(({ tenantId, feedId, mode, ...answer }) => {
    const title = paper.paint("bold", `${tenantId}/${feedId}${mode === "auto" ? "" : `, mode ${mode}`}`);
    return `${title}\n\n${showPreview(answer, { withBatches: false }, paper)}`;
  });
  const lines = others.map(
    ({ line, ending, reason, events }) => `line ${line}: ${counted(events, "event")} ${ending}: ${reason}\n`,
  );
  return [...parts, ...(lines.length > 0 ? [lines.join("")] : [])].join("\n");
}

function readMessage(body: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(body);
    return checkMessage(message) ? undefined : (message as Message);
  } catch {
    return undefined;
  }
}

function feedFor(event: unknown, { feedId }: Message, { feeds }: StoredTenant): Feed | undefined {
  const byId = new Map(feeds.map(({ feed }) => [feed.feedId, feed]));
  if (feedId !== undefined) return byId.get(feedId);
  const isReadable = typeof event === "object" && event !== null;
  return isReadable
    ? feedOfEvent(event as PartnerEvent, { feeds: byId, unreadable: [] })
    : byId.get("default");
}
