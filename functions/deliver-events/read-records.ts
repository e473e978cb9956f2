import { eventProblem } from "../../shared/core/event-problem.ts";
import { feedOfEvent } from "../../shared/core/feed-of-event.ts";
import { eventsIn } from "../../shared/core/hour.ts";
import type { FrozenMessage, Message, PartnerEvent, Requeued } from "../../shared/core/message.schema.ts";
import { assignFeed } from "./assign-feed.ts";
import { convertItem } from "./convert-item.ts";
import type { DeliverDeps } from "./deliver-records.ts";
import { type TenantFound, TenantLookup } from "./find-tenants.ts";
import { type EventItem, type FrozenItem, type Pass, type QueueRecord, reject } from "./pass.ts";
import { readMessage } from "./read-message.ts";

/**
 * Reads records into items, one per event or frozen batch, finds the tenant and feed of each, and converts it.
 *
 * Record by record, from text to what will be sent: an event that is converted is forgotten before the next is read. What
 * cannot be read, assigned or converted ends here, event by event: a bad event never costs its neighbours.
 */
export async function readRecords(records: readonly QueueRecord[], deps: DeliverDeps): Promise<Pass> {
  const pass: Pass = { records, items: [], feeds: [], failedParkings: [] };
  const tenants = new TenantLookup(records, deps);
  for (const [record, { body }] of records.entries()) {
    const read = readMessage(body);
    if (read.kind === "unreadable") {
      const item = newItem(pass, record, { tenantId: read.tenantId });
      reject(item, [read.reason]);
      pass.items.push(item);
      continue;
    }
    const { tenantId } = read.message;
    // Only a tenant's first record waits: a promise for every record would cost as much as converting one.
    const tenant = tenants.known(tenantId) ?? (await tenants.find(tenantId));
    if (read.kind === "frozen") addFrozen(read.message, record, tenant, pass, deps);
    else addEvents(read.message, record, tenant, pass, deps);
  }
  return pass;
}

function addEvents(
  message: Message,
  record: number,
  tenant: TenantFound,
  pass: Pass,
  deps: DeliverDeps,
): void {
  const { tenantId, mode = "auto", events, requeued } = message;
  for (const [index, event] of events.entries()) {
    const problem = eventProblem(event);
    const isAssignable = !problem && tenant.kind === "active";
    const feedId =
      message.feedId ?? (isAssignable ? feedOfEvent(event as PartnerEvent, tenant)?.feedId : undefined);
    const item = newItem(pass, record, { tenantId, feedId, index, requeued });
    const source = pass.items.push(item) - 1;
    if (problem) {
      reject(item, [problem]);
      continue;
    }
    const feed = assignFeed(item, source, tenant, pass, deps);
    if (feed) convertItem(item, event as PartnerEvent, { source, mode, feed, pass, deps });
  }
}

function addFrozen(
  message: FrozenMessage,
  record: number,
  tenant: TenantFound,
  pass: Pass,
  deps: DeliverDeps,
): void {
  const { tenantId, feedId, frozen } = message;
  for (const { body, hours } of frozen.batches) {
    const came = { record, tenantId, feedId, hours, events: eventsIn(hours) };
    const seen = { isReturning: true, isCounted: true };
    const item: FrozenItem = { kind: "frozen", ...came, ...seen, route: frozen.route, body };
    assignFeed(item, pass.items.push(item) - 1, tenant, pass, deps);
  }
}

interface Came {
  readonly tenantId: string | undefined;
  readonly feedId?: string | undefined;
  /** Place in the message; undefined: the whole body, which counts as one event. */
  readonly index?: number;
  readonly requeued?: Requeued | undefined;
}

function newItem(pass: Pass, record: number, { tenantId, feedId, index, requeued }: Came): EventItem {
  const { receiveCount = 1, sentAtMs: messageSentAtMs = 0 } = pass.records[record] ?? {};
  const sentAtMs = requeued?.sentAtMs[index ?? 0] ?? messageSentAtMs;
  return {
    kind: "event",
    record,
    index,
    tenantId,
    feedId,
    sentAtMs,
    events: 1,
    isReturning: receiveCount > 1 || requeued !== undefined,
    isCounted: receiveCount > 1 || (requeued?.counted ?? false),
    findings: NONE,
  };
}

const NONE: readonly never[] = [];
