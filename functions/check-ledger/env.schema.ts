/** The environment variables of the check-ledger function; `infra/` must set exactly these. */
import * as z from "zod";

export const CheckLedgerEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** The queue of live events. */
  QUEUE_URL: z.string().min(1),
  /** Every other queue that an event may wait on, separated by commas: that of backfill, and both dead-letter queues. */
  OTHER_QUEUE_URLS: z.string().min(1),
  /** Accounts that were written in so many hours are looked at, the running hour included. */
  CHECK_HOURS: z.int().min(2).max(48).default(3),
  /** Minutes without a write after which what is in progress must be on a queue. */
  QUIET_MINUTES: z.int().min(2).default(15),
  /** Days that the queues keep a message: what was put there longer ago is there no more. */
  QUEUE_RETENTION_DAYS: z.int().min(1).max(14).default(14),
});

export type CheckLedgerEnv = z.output<typeof CheckLedgerEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type CheckLedgerEnvVars = { [Name in keyof z.input<typeof CheckLedgerEnvSchema>]: string };
