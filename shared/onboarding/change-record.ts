import type { AuditAction } from "../api/audit.schema.ts";
import type { Clock } from "../ports.ts";
import { ProblemError } from "./problem.ts";

/** Times that something is tried anew because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/** What is to become of a record. Undefined: it is so already. */
export type Decision<Kept> =
  | {
      readonly next: Kept;
      /** Absent: the entry of the trail is written apart. */
      readonly action?: AuditAction;
      /** Names and ids, never values. */
      readonly details?: Readonly<Record<string, string>>;
    }
  | undefined;

/** A record as it is now and as it was: the same, where nothing was to be changed. */
export interface Changed<Kept> {
  readonly record: Kept;
  readonly before: Kept | undefined;
}

export interface Change<Kept> {
  readonly read: () => Promise<Kept | undefined>;
  readonly decide: (record: Kept | undefined) => Decision<Kept>;
  /** @returns false: it is not as it was read any more, and nothing was written. */
  readonly save: (next: Kept, before: Kept | undefined) => Promise<boolean>;
  /** Called before what it tells of is saved. */
  readonly note?: (action: AuditAction, details: Readonly<Record<string, string>>) => Promise<void>;
}

export interface ChangeRecordDeps {
  readonly clock: Pick<Clock, "nowMs">;
  /** Text that nobody can guess, of so many random bytes. */
  readonly randomText: (bytes: number) => string;
}

/**
 * Changes a record: read, decide, note, write if it is still as it was read; else all over again.
 *
 * @throws {ProblemError} as {@link untilUncontested}.
 */
export function changeRecord<Kept extends { createdAt?: string | undefined }>(
  { read, decide, save, note }: Change<Kept>,
  deps: ChangeRecordDeps,
): Promise<Changed<Kept | undefined>> {
  return untilUncontested(async () => {
    const before = await read();
    const decision = decide(before);
    if (!decision) return { record: before, before };
    const changed = changedNow(deps);
    const createdAt = before ? before.createdAt : changed.updatedAt;
    const record = { ...decision.next, ...changed, createdAt };
    if (decision.action) await note?.(decision.action, decision.details ?? {});
    return (await save(record, before)) && { record, before };
  });
}

/** What every change of a record gives it. */
export function changedNow({ clock, randomText }: ChangeRecordDeps): { revision: string; updatedAt: string } {
  return { revision: randomText(9), updatedAt: new Date(clock.nowMs()).toISOString() };
}

/**
 * Tries what rests on what it reads, anew each time that somebody else wrote meanwhile.
 *
 * @param attempt - False: somebody else was faster.
 * @throws {ProblemError} when somebody else always is.
 */
export async function untilUncontested<Done>(attempt: () => Promise<Done | false>): Promise<Done> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
    const done = await attempt();
    if (done !== false) return done;
  }
  throw new ProblemError("conflict", "Others change it all the time: try again.");
}
