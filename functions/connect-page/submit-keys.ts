import { nameOf } from "../../shared/core/error-name.ts";
import { MAX_KEY_LENGTH } from "../../shared/core/onboarding/credential-format.ts";
import type { Credentials } from "../../shared/core/tenant.schema.ts";
import type { Log } from "../../shared/ports.ts";
import type { KeyProblem } from "./connect-link.ts";
import type { PageLinks, Reservation, Visitor } from "./ports.ts";
import { readPairs } from "./read-pairs.ts";

export interface SubmitDeps {
  readonly links: PageLinks;
  readonly log: Log;
}

/**
 * Checks what a customer typed in and stores what works, each feed by itself: who mistyped one pair has only that one to type again.
 * The link is used up with the last feed. What came of it is kept with the link, for the page that is shown next.
 *
 * @returns false: the form has fields that no page of this link has, and nothing was done.
 * @throws when the link's store does not answer.
 */
export async function submitKeys(
  { token, form, visitor }: { token: string; form: ReadonlyMap<string, string>; visitor: Visitor },
  { links, log }: SubmitDeps,
): Promise<boolean> {
  const reservation = await links.reserve(token, visitor);
  // Ended, or being checked in another tab: the next page tells.
  if (!reservation) return true;
  const pairs = readPairs(form, reservation.feeds);
  if (!pairs) {
    await reservation.end({ stored: [], problems: [] });
    return false;
  }
  const repeated = repeatedKeys([...pairs.values()]);
  const results = await Promise.all(
    Array.from(pairs, async ([feedId, keys]) => {
      const problems = repeated.has(keys.apiKey)
        ? (["repeated"] as const)
        : (tooLong(keys) ?? (await store(reservation, { feedId, keys }, log)));
      return { feedId, problems };
    }),
  );
  const stored = results.filter(({ problems }) => problems.length === 0).map(({ feedId }) => feedId);
  const problems = results.flatMap(({ feedId, problems }) =>
    problems.map((problem) => ({ feedId, problem })),
  );
  await reservation.end({ stored, problems });
  log.info("Keys submitted", { stored, problems });
  return true;
}

/** What goes wrong with one feed does not keep others from being stored. */
async function store(
  reservation: Reservation,
  { feedId, keys }: { feedId: string; keys: Credentials },
  log: Log,
): Promise<readonly KeyProblem[]> {
  try {
    return await reservation.store(feedId, keys);
  } catch (error) {
    log.error("Keys could not be stored", { feedId, error: nameOf(error) });
    return ["not_stored"];
  }
}

function tooLong({ apiKey, apiSecret }: Credentials): readonly KeyProblem[] | undefined {
  const problems: KeyProblem[] = [];
  if (apiKey.length > MAX_KEY_LENGTH) problems.push("key_too_long");
  if (apiSecret.length > MAX_KEY_LENGTH) problems.push("secret_too_long");
  return problems.length > 0 ? problems : undefined;
}

function repeatedKeys(pairs: readonly Credentials[]): ReadonlySet<string> {
  const keys = pairs.map(({ apiKey }) => apiKey).filter((key) => key !== "");
  return new Set(keys.filter((key, i) => keys.indexOf(key) !== i));
}
