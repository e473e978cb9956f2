import pLimit from "p-limit";
import { hourOf, startOfHour } from "../../shared/core/hour.ts";
import {
  accountKey,
  balanceOf,
  type Imbalance,
  imbalanceOf,
  type LedgerAccountId,
  type LedgerColumns,
  sumColumns,
} from "../../shared/core/ledger.ts";
import { isOvertaken, LONGEST_HIDDEN_MS } from "../../shared/core/overtaken.ts";
import type { Clock, LedgerAccount, LedgerAccounts, QueueDepth, QueuedMessages } from "../../shared/ports.ts";

const HOUR_MS = 3_600_000;

/** Tenants and hours that are looked into at once. */
const CONCURRENT_READS = 16;

export interface CheckLedgerSettings {
  /** Accounts that were written in so many hours are looked at, the running hour included. */
  readonly hours: number;
  /** Milliseconds without a write after which what is in progress must be on a queue. */
  readonly quietMs: number;
  /** Milliseconds that a queue keeps a message. */
  readonly queueRetentionMs: number;
}

export interface CheckLedgerDeps {
  readonly accounts: LedgerAccounts;
  readonly queues: QueueDepth;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: CheckLedgerSettings;
}

/** An account that does not add up. For what is lost, all accounts of the tenant and hour together, without a feed. */
export interface LedgerFinding extends LedgerAccountId, LedgerColumns {
  readonly imbalance: Imbalance;
}

export interface LedgerCheck {
  /** Accounts that were looked at. */
  readonly accounts: number;
  /** Of their events, those on their way. */
  readonly inProgress: number;
  /** On the queues. */
  readonly messages: number;
  readonly findings: readonly LedgerFinding[];
}

/**
 * Looks at the accounts that were written lately, and at those that it watches: the ones with events in progress that are
 * not written any more, and the ones that did not add up. A write takes an account from the watched ones.
 *
 * Events are lost when they are in progress while every queue is empty, or while messages that were sent later have overtaken
 * theirs and they can be on the live queue only, or for longer than a queue keeps a message. Queues are counted before and after
 * the accounts are read, and approximately: hence an account must have been quiet for a while.
 *
 * @throws when table or queues cannot be read.
 */
export async function checkLedger(deps: CheckLedgerDeps): Promise<LedgerCheck> {
  const { accounts, queues } = deps;
  const before = await queues.messages();
  const read = await readAccounts(deps);
  const after = await queues.messages();
  const queued = { live: Math.max(before.live, after.live), others: Math.max(before.others, after.others) };

  const room = pLimit(CONCURRENT_READS);
  const byHour = Map.groupBy(read.open, ({ tenantId = "", hour }) => `${tenantId} ${hour}`);
  const lost = await Promise.all(
    Array.from(byHour.values(), (open) =>
      room(() => findLost(open, { queued, newestHour: read.newestHour }, deps)),
    ),
  );
  await Promise.all(
    read.wrong
      .filter(({ account }) => !account.isWatched)
      .map(({ account }) => room(() => accounts.setWatched(account, true))),
  );
  return {
    accounts: read.count,
    inProgress: read.open.reduce((sum, account) => sum + balanceOf(account).inProgress, 0),
    messages: queued.live + queued.others,
    findings: [
      ...read.wrong.map(({ account: { writtenAtMs, isWatched, ...columns }, imbalance }) => ({
        ...columns,
        imbalance,
      })),
      ...lost.flat(),
    ],
  };
}

interface AccountsRead {
  readonly count: number;
  /** The latest hour of sending among them. */
  readonly newestHour: string | undefined;
  /** Accounts that add up, but for events in progress. */
  readonly open: readonly LedgerAccount[];
  readonly wrong: readonly { readonly account: LedgerAccount; readonly imbalance: Imbalance }[];
}

async function readAccounts({ accounts, clock, settings }: CheckLedgerDeps): Promise<AccountsRead> {
  const nowMs = clock.nowMs();
  const hours = Array.from({ length: settings.hours }, (_, i) => hourOf(nowMs - i * HOUR_MS)).reverse();
  // By account: one that is written meanwhile is met twice, and its later state counts.
  const read = new Map<string, { account: LedgerAccount; imbalance: Imbalance } | undefined>();
  const thisHour = hourOf(nowMs);
  let newestHour: string | undefined;
  for (const pages of [accounts.watched(), ...hours.map((hour) => accounts.lastWrittenIn(hour))]) {
    for await (const page of pages) {
      for (const account of page) {
        const imbalance = imbalanceOf(account, { mayBeInProgress: false });
        read.set(accountKey(account), imbalance && { account, imbalance });
        const { hour } = account;
        if (hour <= thisHour && hour > (newestHour ?? "")) newestHour = hour;
      }
    }
  }
  const notable = [...read.values()].filter((entry) => entry !== undefined);
  return {
    count: read.size,
    newestHour,
    open: notable.filter(({ imbalance }) => imbalance.kind === "lost").map(({ account }) => account),
    wrong: notable.filter(({ imbalance }) => imbalance.kind !== "lost"),
  };
}

/** What tells that events are not on their way any more. */
interface Signs {
  readonly queued: QueuedMessages;
  readonly newestHour: string | undefined;
}

/** What of a tenant's hour is lost. Watches its open accounts from the moment on when nothing writes them any more. */
async function findLost(
  open: readonly LedgerAccount[],
  { queued, newestHour }: Signs,
  { accounts, clock, settings }: CheckLedgerDeps,
): Promise<LedgerFinding[]> {
  const [{ tenantId, hour }] = open as [LedgerAccount];
  const nowMs = clock.nowMs();
  const areQueuesEmpty = queued.live + queued.others === 0;
  const setWatched = (isWatched: boolean) =>
    Promise.all(
      open
        .filter(
          (account) => account.isWatched !== isWatched && account.writtenAtMs <= nowMs - settings.quietMs,
        )
        .map((account) => accounts.setWatched(account, isWatched)),
    );
  const ageOf = (all: readonly LedgerAccount[]) =>
    nowMs - Math.max(...all.map(({ writtenAtMs }) => writtenAtMs));
  const mustBeGone = (all: readonly LedgerAccount[]) =>
    ageOf(all) >= settings.queueRetentionMs || (areQueuesEmpty && ageOf(all) >= settings.quietMs);
  // An hour must have begun since they were due.
  const mayBeOvertaken =
    queued.others === 0 && nowMs - ageOf(open) + LONGEST_HIDDEN_MS <= startOfHour(hourOf(nowMs));

  if (!mustBeGone(open) && !mayBeOvertaken) {
    await setWatched(true);
    return [];
  }
  // What was one feed's when it went back may have come again as another's: only all of them say what is in progress.
  const from = hourOf(Math.min(startOfHour(hour), nowMs - settings.queueRetentionMs));
  const own = await accounts.ofTenant(tenantId, { from, to: hourOf(nowMs) });
  const all = own.filter((account) => account.hour === hour);
  const columns = sumColumns(all);
  const { inProgress } = balanceOf(columns);
  await setWatched(inProgress > 0);
  const isGone = mustBeGone(all) || (mayBeOvertaken && isOvertaken(all, own, newestHour));
  return inProgress > 0 && isGone
    ? [{ tenantId, hour, ...columns, imbalance: { kind: "lost", events: inProgress } }]
    : [];
}
