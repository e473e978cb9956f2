import { MAX_KEY_LENGTH } from "../../shared/core/onboarding/credential-format.ts";
import type { Credentials } from "../../shared/core/tenant.schema.ts";
import type { KeyProblem } from "./connect-link.ts";
import type { PageLinks, Reservation, Visitor } from "./ports.ts";
import { readPairs } from "./read-pairs.ts";
import type { RequestLog } from "./request-log.ts";

export interface SubmitDeps {
  readonly links: PageLinks;
  readonly log: RequestLog;
}

export interface Submission {
  /** False: the form has fields that no page of this link has, and nothing was done. */
  readonly isRead: boolean;
  /** Pairs that something on our side kept from being stored. */
  readonly failures: number;
}

/**
 * Checks what a customer typed in and stores what works, each feed by itself: who mistyped one pair has only that one to type again.
 * The link is used up with the last feed. What came of it is kept with the link, for the page that is shown next.
 *
 * @throws when the link's store does not answer.
 */
export async function submitKeys(
  { token, form, visitor }: { token: string; form: ReadonlyMap<string, string>; visitor: Visitor },
  { links, log }: SubmitDeps,
): Promise<Submission> {
  const reservation = await links.reserve(token, visitor, (link) => log.about(link));
  // Ended, or being checked in another tab: the next page tells.
  if (!reservation) return { isRead: true, failures: 0 };
  const pairs = readPairs(form, reservation.feeds);
  if (!pairs) {
    await reservation.end({ stored: [], problems: [] });
    return { isRead: false, failures: 0 };
  }
  const repeated = repeatedKeys([...pairs.values()]);
  const results = await Promise.all(
    Array.from(pairs, async ([feedId, keys]): Promise<Result> => {
      if (repeated.has(keys.apiKey)) return { feedId, problems: ["repeated"] };
      const problems = tooLong(keys);
      return problems ? { feedId, problems } : store(reservation, { feedId, keys }, log);
    }),
  );
  const stored = results.filter(({ problems }) => problems.length === 0).map(({ feedId }) => feedId);
  const problems = results.flatMap(({ feedId, problems }) =>
    problems.map((problem) => ({ feedId, problem })),
  );
  await reservation.end({ stored, problems });
  log.info("Keys submitted", { stored, problems });
  return { isRead: true, failures: results.filter(({ isFailure }) => isFailure).length };
}

/** What came of one feed's pair. */
interface Result {
  readonly feedId: string;
  readonly problems: readonly KeyProblem[];
  /** It is none of the customer's, nor of somebody else's: something failed. */
  readonly isFailure?: true;
}

/** What goes wrong with one feed does not keep others from being stored. */
async function store(
  reservation: Reservation,
  { feedId, keys }: { feedId: string; keys: Credentials },
  log: RequestLog,
): Promise<Result> {
  try {
    return { feedId, problems: await reservation.store(feedId, keys) };
  } catch (error) {
    log.failed("Keys could not be stored", error, { feedId });
    return { feedId, problems: ["not_stored"], isFailure: true };
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
