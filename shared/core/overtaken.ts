import { startOfHour } from "./hour.ts";

/**
 * Milliseconds within which a message that was put on a queue, or given back, is due again: SQS's longest delay is 15 minutes, the
 * visibility timeout after an invocation that died 6; the rest is for clocks and for being received.
 */
export const LONGEST_HIDDEN_MS = 30 * 60_000;

/** An account of the ledger, as far as it tells that messages were received. */
interface Received {
  /** In which their events were sent. */
  readonly hour: string;
  readonly writtenAtMs: number;
}

/**
 * Whether messages that were sent later have overtaken those that the open events of a tenant's hour would be in. Then these are on
 * no queue: SQS hands messages of one tenant out roughly in their order, and none of a tenant of whom nothing is in work waits
 * for other tenants' (fair queues).
 *
 * Overtaken means: events were received that were sent in an hour which began when the open ones were long due. Those of the
 * same tenant say so at once; those of others only of a tenant that nothing was received of since. While nothing at all is
 * received, nothing is overtaken.
 *
 * @param open - The accounts of the tenant's hour, over all feeds.
 * @param own - All accounts of the tenant.
 * @param newestHour - The latest hour of sending that anybody's received events have.
 */
export function isOvertaken(
  open: readonly Received[],
  own: readonly Received[],
  newestHour: string | undefined,
): boolean {
  const dueMs = latest(open) + LONGEST_HIDDEN_MS;
  if (own.some(({ hour }) => startOfHour(hour) >= dueMs)) return true;
  return newestHour !== undefined && startOfHour(newestHour) >= latest(own) + LONGEST_HIDDEN_MS;
}

function latest(accounts: readonly Received[]): number {
  return Math.max(...accounts.map(({ writtenAtMs }) => writtenAtMs));
}
