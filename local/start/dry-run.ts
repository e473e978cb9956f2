import { remarksOf } from "../../functions/onboarding-api/remarks/remarks.ts";
import type { Remark } from "../../shared/api/remark.schema.ts";
import { feedOfEvent } from "../../shared/core/feed-of-event.ts";
import type { Message, PartnerEvent } from "../../shared/core/message.schema.ts";
import type { Feed } from "../../shared/core/tenant.schema.ts";
import { checkMessage } from "../../shared/core/validators.ts";
import { LeftOut } from "../feedctl/input/left-out.ts";
import { rowSource } from "../feedctl/input/preview-source.ts";
import { openTable } from "../feedctl/input/read-table.ts";
import type { StoredTenant } from "../store-tenants.ts";
import { type FeedEvent, type FeedPreview, FeedPreviews } from "./feed-previews.ts";
import type { RowsOptions, StartOptions } from "./options.ts";
import { type InputLine, readMessages } from "./read-input.ts";
import { readTenants } from "./read-tenants.ts";
import { UsageError } from "./usage-error.ts";

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
  /** Lines that are no rows. */
  readonly leftOut: LeftOut;
  /** Why the input was not read to its end, or that there is nothing in it. */
  readonly trouble: string | undefined;
}

/**
 * What a run with these options would make of its input: the conversion and assembling that the functions run, without a queue, a
 * clock of its own or mParticle.
 *
 * @throws {UsageError}
 */
export async function dryRun(options: StartOptions): Promise<DryRun> {
  const tenants = new Map<string, StoredTenant>();
  for (const { tenant, feeds } of readTenants(options)) {
    const before = tenants.get(tenant.tenantId)?.feeds ?? [];
    tenants.set(tenant.tenantId, { tenant, feeds: [...before, ...feeds] });
  }
  const { rows } = options;
  const leftOut = new LeftOut("line");
  const others: Unassigned[] = [];
  const feeds = new FeedPreviews(options);
  const events = rows
    ? eventsOfRows(rows, tenants, leftOut)
    : eventsOfMessages(readMessages(options), tenants, others);
  for await (const event of events) feeds.add(event);
  const isEmpty = feeds.isEmpty && others.length === 0 && leftOut.count === 0;
  const nothing = `there is no ${rows ? "row" : "message"} in the input`;
  return {
    remarks: [...tenants.values()].flatMap(remarksIn),
    feeds: feeds.end(),
    others,
    leftOut,
    trouble: leftOut.brokenOff ?? (isEmpty ? nothing : undefined),
  };
}

function remarksIn({ tenant: { tenantId }, feeds }: StoredTenant): FeedRemark[] {
  return feeds.flatMap(({ feed }) =>
    remarksOf(feed).map((remark) => ({ tenantId, feedId: feed.feedId, ...remark })),
  );
}

async function* eventsOfMessages(
  lines: AsyncIterable<InputLine>,
  tenants: ReadonlyMap<string, StoredTenant>,
  others: Unassigned[],
): AsyncGenerator<FeedEvent> {
  for await (const { number: line, text } of lines) {
    const message = readMessage(text);
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
      if (feed) yield { tenant: stored.tenant, feed, mode, event };
      else others.push({ line, ending: "held", reason: "unknown_feed", events: 1 });
    }
  }
}

async function* eventsOfRows(
  { file, table: tableOptions, model, tenantId, feedId }: RowsOptions,
  tenants: ReadonlyMap<string, StoredTenant>,
  leftOut: LeftOut,
): AsyncGenerator<FeedEvent> {
  const [first, ...others] = tenantId === undefined ? [...tenants.values()] : [tenants.get(tenantId)];
  if (others.length > 0) throw new UsageError("--tenants has several: say --tenant");
  if (!first) throw new UsageError("--tenant must be one of those of --tenants");
  const feed = first.feeds.find((stored) => stored.feed.feedId === feedId)?.feed;
  if (!feed) throw new UsageError(`--feed: ${first.tenant.tenantId} has no feed ${feedId}`);
  const table = await openTable(file, process.stdin, tableOptions);
  const { tenant } = first;
  for await (const { event, number } of rowSource(table, { model, mode: undefined }, leftOut).events)
    yield { tenant, feed, mode: "auto", event, number };
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
