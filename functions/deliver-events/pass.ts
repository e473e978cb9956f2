import type { Contribution } from "../../shared/core/contribution.ts";
import type { Finding } from "../../shared/core/finding.ts";
import type { Mode } from "../../shared/core/message.schema.ts";
import type { Ending } from "../../shared/core/settle.ts";
import type { ParkedEvent, ParkReason } from "../../shared/ports.ts";

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
  /** Whose objects could not be written to the bucket. */
  readonly failedParkings: { readonly tenantId: string | undefined; readonly feedId: string | undefined }[];
}

/** What one event, or one frozen batch, goes through in a pass. */
export type Item = EventItem | FrozenItem;

interface ItemBase {
  /** Index of the record that carried it. */
  readonly record: number;
  readonly tenantId: string | undefined;
  /** Source events that it stands for. */
  readonly events: number;
  readonly content: ParkedEvent["content"];
  feedId: string | undefined;
  /** Set when the item ends before anything of it is sent. */
  ending?: Ending;
  /** Why, for the parked object. */
  reasons?: readonly ParkReason[];
  /** Set when nothing can be decided now: its whole record goes back, hidden for so many seconds. */
  deferSeconds?: number;
}

export interface EventItem extends ItemBase {
  readonly kind: "event";
  readonly index: number;
  readonly mode: Mode;
  contribution?: Contribution;
  findings: readonly Finding[];
}

export interface FrozenItem extends ItemBase {
  readonly kind: "frozen";
  readonly tenantId: string;
  readonly batch: { readonly route: "live" | "historical"; readonly body: string };
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
