/** What feedctl ends with, for scripts to act on. */
export const EXIT = {
  done: 0,
  /** The API refused the request, or failed. */
  failed: 1,
  /** Wrong usage, or input that cannot be read; nothing was sent. */
  usage: 2,
  /** No answer came. What was asked for may have happened. */
  unreachable: 3,
  notFound: 4,
  /** It exists already, has been changed meanwhile, or its state does not allow it. */
  conflict: 5,
  /** Who calls is not known, or may not do this. */
  notAllowed: 6,
  /** Done as asked, and what was found is not good: keys not accepted, a ledger that does not add up. */
  finding: 7,
  /** The API is busy, throttled or not available: the same may work later. */
  notNow: 8,
  interrupted: 130,
} as const;

/** The same may work later. */
export const MAY_WORK_LATER: ReadonlySet<ExitCode> = new Set([
  EXIT.unreachable,
  EXIT.notNow,
  EXIT.interrupted,
]);

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `Exit codes:
  0    done
  1    the API refused the request, or failed
  2    wrong usage or unreadable input; nothing was sent
  3    no answer came; what was asked for may have happened. Try again
  4    there is no such tenant, feed or link
  5    it exists already, was changed meanwhile, or its state does not allow it
  6    not authenticated, or not allowed
  7    done, and what was found is not good: keys that are not accepted, a
       ledger that does not add up, a preview with rejected events, a replay
       with failures, event names that near mParticle's limit
  8    the API is busy or not available just now (429, 502, 503, 504). Try again
  130  interrupted`;
