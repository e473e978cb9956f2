import type { Clock } from "../../shared/ports.ts";

/** Rounds at most, and milliseconds before the second one; they double up to the longest. */
const MAX_ROUNDS = 10;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;

/**
 * Tries again and again to put somewhere what was refused everywhere: what is left in the end is merged anew, and may be doubled.
 *
 * @param put - Takes what is left, at least one, and answers with what was refused.
 * @param mayGoOn - Whether there is time for a round after so many milliseconds.
 * @returns What was refused in the last round.
 */
export async function inRounds<Item>(
  items: readonly Item[],
  put: (left: readonly Item[]) => Promise<readonly Item[]>,
  mayGoOn: (pauseMs: number) => boolean,
  { clock }: { readonly clock: Pick<Clock, "sleep"> },
): Promise<readonly Item[]> {
  let left = items;
  for (let round = 1; left.length > 0; round++) {
    left = await put(left);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (round - 1));
    if (left.length === 0 || round === MAX_ROUNDS || !mayGoOn(pauseMs)) break;
    await clock.sleep(pauseMs);
  }
  return left;
}
