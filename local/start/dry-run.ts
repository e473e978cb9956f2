import { previewEvents } from "../../functions/onboarding-api/preview-events.ts";
import { remarksOf } from "../../functions/onboarding-api/remarks.ts";
import type { PreviewAnswer } from "../../shared/api/preview.schema.ts";
import type { Remark } from "../../shared/api/remark.schema.ts";
import { feedOfEvent } from "../../shared/core/feed-of-event.ts";
import type { Message, Mode, PartnerEvent } from "../../shared/core/message.schema.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import { checkMessage } from "../../shared/core/validators.ts";
import { LeftOut } from "../feedctl/input/left-out.ts";
import { rowSource } from "../feedctl/input/preview-source.ts";
import { openTable } from "../feedctl/input/read-table.ts";
import { tableOptions } from "../feedctl/input/table-options.ts";
import type { StoredTenant } from "../store-tenants.ts";
import type { RowsOptions, StartOptions } from "./options.ts";
import { readMessages, readTenants } from "./read-input.ts";
import { UsageError } from "./usage-error.ts";

/** What would become of the events for one feed, all of them sent at once. */
export interface FeedPreview extends PreviewAnswer {
  readonly tenantId: string;
  readonly feedId: string;
  readonly mode: Mode;
  /** Of a file of rows, one for each event. */
  readonly lines?: readonly number[];
}

/** What no feed can be told of. */
export interface Unassigned {
  /** Of the input, from 1. */
  readonly line: number;
  readonly ending: "rejected" | "held";
  readonly reason: "message_invalid" | "unknown_tenant" | "unknown_feed";
  readonly events: number;
}

export interface FeedRemark extends Remark {
  readonly tenantId: string;
  readonly feedId: string;
}

export interface DryRun {
  /** On settings of all feeds that are valid, but surely not meant so. */
  readonly remarks: readonly FeedRemark[];
  readonly feeds: readonly FeedPreview[];
  readonly others: readonly Unassigned[];
  /** Sentences about lines that are no rows. */
  readonly unreadable: readonly string[];
}

type Previewed = Omit<DryRun, "remarks">;

/**
 * What a run with these options would make of its input: the conversion and assembling that the functions run, without a queue, a
 * clock of its own or mParticle.
 *
 * @throws {UsageError}
 */
export async function dryRun(options: StartOptions): Promise<DryRun> {
  const tenants = new Map(readTenants(options).map((stored) => [stored.tenant.tenantId, stored]));
  const { nowMs = Date.now(), partnerIdentity, rows } = options;
  const world = { nowMs, partnerIdentity };
  const previewed = rows
    ? await dryRunOfRows(rows, tenants, world)
    : dryRunOfMessages(readMessages(options), tenants, world);
  return { remarks: [...tenants.values()].flatMap(remarksIn), ...previewed };
}

function remarksIn({ tenant: { tenantId }, feeds }: StoredTenant): FeedRemark[] {
  return feeds.flatMap(({ feed }) =>
    remarksOf(feed).map((remark) => ({ tenantId, feedId: feed.feedId, ...remark })),
  );
}

interface PreviewWorld {
  readonly nowMs: number;
  readonly partnerIdentity: string | undefined;
}

function dryRunOfMessages(
  bodies: readonly string[],
  tenants: ReadonlyMap<string, StoredTenant>,
  { nowMs, partnerIdentity }: PreviewWorld,
): Previewed {
  const groups = new Map<string, { stored: StoredTenant; feed: Feed; mode: Mode; events: unknown[] }>();
  const others: Unassigned[] = [];
  for (const [index, body] of bodies.entries()) {
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
  return { feeds, others, unreadable: [] };
}

async function dryRunOfRows(
  { file, model, tenantId, feedId }: RowsOptions,
  tenants: ReadonlyMap<string, StoredTenant>,
  { nowMs, partnerIdentity }: PreviewWorld,
): Promise<Previewed> {
  const [first, ...others] = tenantId === undefined ? [...tenants.values()] : [tenants.get(tenantId)];
  if (others.length > 0) throw new UsageError("--tenants has several: say --tenant");
  if (!first) throw new UsageError("--tenant must be one of those of --tenants");
  const feed = first.feeds.find((stored) => stored.feed.feedId === feedId)?.feed;
  if (!feed) throw new UsageError(`--feed: ${first.tenant.tenantId} has no feed ${feedId}`);
  const unreadable = new LeftOut("line");
  const table = await openTable(file, process.stdin, tableOptions(file, {}));
  const [events, lines]: [unknown[], number[]] = [[], []];
  for await (const { event, number } of rowSource(table, { model, mode: undefined }, unreadable.add).events) {
    events.push(event);
    lines.push(number);
  }
  const { tenant } = first;
  const answer = previewEvents({ events }, { tenant, feed, partnerIdentity }, nowMs);
  const preview = { tenantId: tenant.tenantId, feedId, mode: "auto", lines, ...answer } as const;
  return { feeds: [preview], others: [], unreadable: unreadable.told() };
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
