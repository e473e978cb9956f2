import { MAX_LEDGER_DAYS } from "../../../shared/api/ledger.schema.ts";
import { hourOf } from "../../../shared/core/hour.ts";
import {
  type Balance,
  balanceOf,
  imbalanceOf,
  type LedgerColumns,
  sumBalances,
  sumColumns,
} from "../../../shared/core/ledger.ts";
import { foundTenant } from "../../../shared/onboarding/change.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { assertFeed } from "../known-feed.ts";
import type { UseCase } from "../use-case.ts";

const DAY_MS = 86_400_000;

export const getLedger: UseCase<"getLedger"> = async ({ params: { tenantId }, query }, deps) => {
  const [fromMs, toMs] = [Date.parse(query.from), Date.parse(query.to)];
  if (toMs < fromMs || toMs - fromMs > MAX_LEDGER_DAYS * DAY_MS)
    throw new ProblemError("invalid_request", `to must be after from, by ${MAX_LEDGER_DAYS} days at most.`, {
      errors: [
        { parameter: "to", code: "out_of_range", message: `must be within ${MAX_LEDGER_DAYS} days of from` },
      ],
    });
  await foundTenant(tenantId, deps);
  const all = await deps.ledger.ofTenant(tenantId, { from: hourOf(fromMs), to: hourOf(toMs) });
  const accounts = all.filter(({ feedId }) => query.feedId === undefined || feedId === query.feedId);
  if (query.feedId !== undefined && accounts.length === 0)
    await assertFeed({ tenantId, feedId: query.feedId }, { parameter: "feedId" }, deps);
  const hours = Array.from(Map.groupBy(accounts, ({ hour }) => hour).values(), sumColumns);
  const rows = accounts.map(({ feedId, hour, ...columns }) => ({
    ...(feedId !== undefined && { feedId }),
    hour,
    ...told(balanceOf(columns), addsUp(columns)),
  }));
  return {
    status: 200,
    body: {
      accounts: rows,
      total: told(sumBalances(hours.map(balanceOf)), rows.every((row) => row.addsUp) && hours.every(addsUp)),
    },
  };
};

/** Events may be in progress; whether they are nowhere to be found is for the check-ledger function to say. */
function addsUp(columns: LedgerColumns): boolean {
  return imbalanceOf(columns, { mayBeInProgress: true }) === undefined;
}

function told(
  { received, delivered, filtered, rejected, held, inProgress, uncounted }: Balance,
  adds: boolean,
) {
  return { received, delivered, filtered, rejected, held, inProgress, uncounted, addsUp: adds };
}
