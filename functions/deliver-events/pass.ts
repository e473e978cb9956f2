import type { Part } from "../../shared/core/assemble/assemble.ts";
import type { Finding } from "../../shared/core/finding.ts";
import { addHours, type Hours, hourOf } from "../../shared/core/hour.ts";
import type { Ending } from "../../shared/core/settle.ts";
import type { Feed, Tenant } from "../../shared/core/tenant.schema.ts";
import type { ParkReason } from "../../shared/ports.ts";

/** What the use case reads of an SQS record. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** 1 when it is handed out for the first time. */
  readonly receiveCount: number;
  readonly sentAtMs: number;
}

/** One pass: everything that one invocation knows about the records it was given. */
export interface Pass {
  readonly records: readonly QueueRecord[];
  readonly items: Item[];
  /** The feeds that its items go to. */
  readonly feeds: PassFeed[];
  /** Whose objects could not be written to the bucket. */
  readonly failedParkings: { readonly tenantId: string | undefined; readonly feedId: string | undefined }[];
}

/** A feed with all that the pass has for it. */
export interface PassFeed {
  readonly tenant: Tenant;
  readonly feed: Feed;
  /** Ids of all feeds of the tenant. */
  readonly feedIdsOfTenant: readonly string[];
  /** Indexes of its items. */
  readonly items: number[];
  /** Message ids that came already. */
  readonly messageIds: Set<string>;
}

/** What one event, or one frozen batch, goes through in a pass. */
export type Item = EventItem | FrozenItem;

interface ItemBase {
  /** Index of the record that carried it. */
  readonly record: number;
  readonly tenantId: string | undefined;
  readonly feedId: string | undefined;
  /** Source events that it stands for. */
  readonly events: number;
  /** It was on the queue before: returned, frozen, released or replayed. It goes before what comes for the first time. */
  readonly isReturning: boolean;
  /** An earlier invocation has counted it as received. */
  readonly isCounted: boolean;
  /** Set when the item ends before anything of it is sent. */
  ending?: Ending;
  /** Why, for the parked object. */
  reasons?: readonly ParkReason[];
  /** Set when nothing can be decided now: its whole record goes back, hidden for so many seconds. */
  deferSeconds?: number;
  /** It lies in the bucket already: should its record have to go back, the rest of it goes without this. */
  isParked?: boolean;
}

/** The event itself is not kept: should it have to be parked, it is read from its record again. */
export interface EventItem extends ItemBase {
  readonly kind: "event";
  /** Its place in the message; undefined: the whole body, which could not be read. */
  readonly index: number | undefined;
  /** When the queue took it first, epoch milliseconds: the time of an event that names none. */
  readonly sentAtMs: number;
  /** Set when it is on its way to mParticle. */
  part?: Part;
  findings: readonly Finding[];
}

export interface FrozenItem extends ItemBase {
  readonly kind: "frozen";
  readonly route: "live" | "historical";
  readonly body: string;
  /** Its source events by the hour in which they were sent. */
  readonly hours: Hours;
}

/** The source events of items by the hour in which they were sent. */
export function hoursOf(items: readonly Item[]): Hours {
  return addHours(
    items.map((item) => (item.kind === "frozen" ? item.hours : { [hourOf(item.sentAtMs)]: 1 })),
  );
}

/** Whether an item is still on its way to mParticle. */
export function isOpen(item: Item): boolean {
  return item.ending === undefined && item.deferSeconds === undefined;
}

/** Records that go back whole because something of them could not be decided. Nothing of them may be sent or parked. */
export function returningRecords(pass: Pass): ReadonlySet<number> {
  const returning = new Set<number>();
  for (const item of pass.items) if (item.deferSeconds !== undefined) returning.add(item.record);
  return returning;
}

export function reject(item: Item, findings: readonly Finding[]): void {
  item.ending = { kind: "rejected", code: findings[0]?.code ?? "event_invalid" };
  item.reasons = findings.map(({ code, path, message }) => ({ code, path, message }));
}

export function hold(item: Item, cause: string): void {
  item.ending = { kind: "held", cause };
  item.reasons = [{ code: cause }];
}
