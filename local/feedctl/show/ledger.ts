import type { LedgerAnswer } from "../../../shared/api/ledger.schema.ts";
import type { Paper } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";

type Row = Omit<LedgerAnswer["accounts"][number], "feedId" | "hour"> & {
  readonly hour: string;
  readonly feed: string;
};

/** Accounts by hour and feed, their sum, and whether they add up. */
export function showLedger({ accounts, total }: LedgerAnswer, paper: Paper): string {
  if (accounts.length === 0) return "no events\n";
  const rows: Row[] = [
    ...accounts.map(({ feedId, ...account }) => ({ ...account, feed: feedId ?? "(unknown)" })),
    { ...total, hour: "all", feed: "" },
  ];
  const table = formatTable<Row>(
    [
      { title: "hour", value: ({ hour }) => hour },
      { title: "feed", value: ({ feed }) => feed },
      { title: "received", value: ({ received }) => received },
      { title: "delivered", value: ({ delivered }) => delivered },
      { title: "filtered", value: ({ filtered }) => filtered },
      { title: "rejected", value: ({ rejected }) => rejected },
      { title: "held", value: ({ held }) => held },
      { title: "in progress", value: ({ inProgress }) => inProgress },
      { title: "uncounted", value: ({ uncounted }) => uncounted },
      {
        title: "adds up",
        value: ({ addsUp }) => (addsUp ? "yes" : "no"),
        style: ({ addsUp }) => (addsUp ? "green" : "red"),
      },
    ],
    rows,
    paper,
  );
  return `${table}${verdict(accounts, total)}\n`;
}

function verdict(accounts: LedgerAnswer["accounts"], { addsUp }: LedgerAnswer["total"]): string {
  const wrong = accounts.filter((account) => !account.addsUp).length;
  if (addsUp && wrong === 0) return "It adds up: every event is in one place.";
  if (addsUp)
    return `It adds up as a whole, and ${wrong} of ${accounts.length} accounts do not by themselves.`;
  return "It does not add up.";
}
