import type { Measured, Result } from "./result.ts";
import type { Allowances } from "./scenario.ts";

/** Judges what was measured against what is promised. A lost event, one without an ending, or one that is doubled though it was handed out once has no excuse. */
export function problemsOf(measured: Measured, allows: Allowances): Pick<Result, "problems" | "notes"> {
  const { account, doubledHandedTwice, dropReasons, heldBy } = measured;
  const problems: string[] = [];
  const notes: string[] = [];
  const judge = (count: number, what: string, allowance?: string) => {
    if (count === 0) return;
    if (allowance === undefined) problems.push(`${count} ${what}`);
    else notes.push(`${count} ${what}: ${allowance}`);
  };

  judge(account.lost, `lost: ${some(account.lostIds)}`);
  judge(account.open, "without an ending when patience ran out");
  judge(account.astray.length, `in a place where they do not belong: ${some(account.astray)}`);
  judge(doubledHandedTwice, "doubled", allows.doubledWhenHandedTwice);
  judge(account.doubled - doubledHandedTwice, doubledElsewhere(allows));
  judge(
    account.parkedToo,
    `in the bucket although they are somewhere else too: ${some(account.parkedTooIds)}`,
    allows.doubledWhenHandedTwice,
  );
  judge(account.held, `still held (lines by cause: ${JSON.stringify(heldBy)})`);
  judge(account.dropped, "dropped by mParticle behind a 202", allows.dropped);
  judge(account.deadLetters, "in the dead-letter queue", allows.deadLetters);
  for (const [reason, batches] of Object.entries(dropReasons))
    problems.push(`${batches} checked batches dropped by mParticle's own rules: ${reason}`);
  return { problems, notes };
}

function doubledElsewhere({ doubledWhenHandedTwice }: Allowances): string {
  return doubledWhenHandedTwice === undefined ? "doubled" : "doubled that were handed out once";
}

function some(ids: readonly string[]): string {
  return ids.length <= 5 ? ids.join(", ") : `${ids.slice(0, 5).join(", ")}, …`;
}
