import type { TrackRule } from "../convert/event-table.ts";
import type { ValueReader } from "./compile-value.ts";
import type { ConditionTest } from "./condition.ts";
import type { NameTest } from "./match-name.ts";
import type { Sections } from "./sections.ts";

/** What an event becomes, where a rule says so. */
export type Target =
  | TrackRule
  /** A commerce event of nothing but the rule's `commerce`. */
  | { readonly kind: "commerce" }
  | { readonly kind: "screen" }
  /** Identities and attributes only. */
  | { readonly kind: "profile" };

/** A rule of a mapping document, compiled. */
export interface MappingRule {
  /** Tells people which rule it is. */
  readonly label: string;
  /** The events that it names are not sent. */
  readonly isIgnored?: true;
  /** Absent: as the rule beneath it or the Segment spec has it. */
  readonly target?: Target;
  /** Of the event or screen; absent, or where it gives nothing: the event's own. */
  readonly name?: ValueReader;
  readonly commerce?: ValueReader;
  readonly activityType?: ValueReader;
  /** Absent: the document's. */
  readonly sections?: Sections;
}

/** When a rule counts. */
export interface RuleMatch {
  /** `any`, or the type of the call. */
  readonly type: string;
  /** Exact names, as compared. */
  readonly exact?: string;
  readonly test?: NameTest;
  readonly when?: ConditionTest;
}
