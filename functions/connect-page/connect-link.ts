/** A connect link as the page meets it, and what became of a submission. */
import type { Feed } from "../../shared/core/tenant.schema.ts";

/** A feed whose key pair a link asks for. */
export interface AskedFeed extends Pick<Feed, "feedId" | "kind" | "platforms"> {
  /** Among the link's feeds, from 1. Another feed's removal does not change it: the form's fields are named by it. */
  readonly place: number;
  /** Its keys were stored through this link: it asks no more for them, and takes no others. */
  readonly isStored: boolean;
}

/** What is wrong with a key pair, or why it could not be stored. Codes only: a pair is never shown again. */
export const KEY_PROBLEMS = [
  "key_empty",
  "key_quoted",
  "key_whitespace",
  "key_wrong_form",
  "key_too_long",
  "secret_empty",
  "secret_quoted",
  "secret_whitespace",
  "secret_wrong_form",
  "secret_too_long",
  "swapped",
  "equal",
  "repeated",
  "refused",
  "in_use",
  "not_checked",
  "not_stored",
] as const;

export type KeyProblem = (typeof KEY_PROBLEMS)[number];

export function isKeyProblem(code: string): code is KeyProblem {
  return (KEY_PROBLEMS as readonly string[]).includes(code);
}

/** A feed may have several: one of its key, and one of its secret. */
export interface FeedProblem {
  readonly feedId: string;
  readonly problem: KeyProblem;
}

export interface OpenLink {
  readonly state: "open";
  readonly feeds: readonly AskedFeed[];
  readonly expiresAtMs: number;
  /** Of the latest submission, until the next one. */
  readonly problems: readonly FeedProblem[];
  /** A submission is being checked just now. */
  readonly isBusy: boolean;
  /** In which the page was asked to speak. */
  readonly language?: string;
}

export type ConnectLink =
  | OpenLink
  | {
      readonly state: "used";
      readonly usedAtMs: number;
      readonly feeds: readonly AskedFeed[];
      readonly language?: string;
    }
  | { readonly state: "expired" | "revoked"; readonly language?: string }
  /** Also one that was deleted long after it ended. */
  | { readonly state: "unknown"; readonly language?: undefined };
