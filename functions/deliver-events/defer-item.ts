import type { DeliverDeps } from "./deliver-records.ts";
import { hold, type Item, type Pass, type QueueRecord } from "./pass.ts";

/** Half of the time that SQS keeps a message at most, in milliseconds: what is older leaves the queue while it can. */
const HOLD_AFTER_MS = 7 * 86_400_000;

/**
 * Whether a record that would go back once more has waited on the queue for as long as is reasonable. It is parked as
 * held then: no throttling or outage may ever bring a message to the dead-letter queue or to the end of its retention.
 */
export function hasWaitedTooLong(
  { receiveCount, sentAtMs }: QueueRecord,
  { settings, ageNowMs }: DeliverDeps,
): boolean {
  return receiveCount >= settings.holdAfterReceives || ageNowMs() - sentAtMs >= HOLD_AFTER_MS;
}

/** Sends an item's whole record back because something cannot be decided now; holds the item if that went on too long. */
export function deferItem(item: Item, { records }: Pass, deps: DeliverDeps): void {
  const record = records[item.record];
  if (!record) return;
  if (hasWaitedTooLong(record, deps)) hold(item, "deferred_too_long");
  else item.deferSeconds = deps.deferralSeconds(record.receiveCount);
}
