import { type Findings, note } from "../convert/findings.ts";
import { flag, text } from "../convert/reader.ts";
import { readInstant } from "../convert/time.ts";
import type { ValueScope } from "../mapping/compile-value.ts";
import type { ConsentPlan, PurposePlan } from "./consent-plan.ts";

/** What a user agreed to for one purpose. Under `ccpa`, `consented` means that they opted *out*. */
export interface ConsentRecord {
  readonly consented: boolean;
  /** Undefined: when the newest event of the batch happened. */
  readonly timestamp_unixtime_ms: number | undefined;
  readonly document?: string;
  readonly location?: string;
  readonly hardware_id?: string;
}

/** By purpose, in the order of the feed's settings: equal states have equal JSON. */
export interface ConsentState {
  readonly gdpr?: Readonly<Record<string, ConsentRecord>>;
  readonly ccpa?: Readonly<Record<string, ConsentRecord>>;
}

/** Of one event, as its feed's settings read it; undefined: it says nothing of any purpose. */
export function consentStateOf(
  { state }: ConsentPlan,
  scope: ValueScope,
  sentAtMs: number,
  findings: Findings,
): ConsentState | undefined {
  if (!state) return undefined;
  const records = (plans: readonly PurposePlan[]) => {
    const entries = plans.flatMap((plan) => {
      const record = recordOf(plan, scope, sentAtMs, findings);
      return record ? [[plan.name, record] as const] : [];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  const gdpr = records(state.gdpr);
  const ccpa = records(state.ccpa);
  return gdpr || ccpa ? { ...(gdpr && { gdpr }), ...(ccpa && { ccpa }) } : undefined;
}

function recordOf(
  { place, consented, isInverted, timestamp, details }: PurposePlan,
  scope: ValueScope,
  sentAtMs: number,
  findings: Findings,
): ConsentRecord | undefined {
  const given = consented(scope);
  if (given === undefined) return undefined;
  const own = { list: undefined, reason: undefined };
  const isGiven = flag({ values: { consented: given }, path: place, findings: own }, "consented");
  if (isGiven === undefined) {
    note(findings, "consent_unreadable", `${place}.consented`);
    return undefined;
  }
  const told = details.flatMap(([name, reader]) => {
    const value = text({ values: { [name]: reader(scope) }, path: place, findings }, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    consented: isGiven !== isInverted,
    timestamp_unixtime_ms: readInstant(timestamp?.(scope), `${place}.timestamp`, sentAtMs, findings),
    ...Object.fromEntries(told),
  };
}

/** A state whose records all have a time. @param newestMs - For those that have none of their own. */
export function timed(state: ConsentState, newestMs: number): ConsentState {
  const withTimes = (records: ConsentState["gdpr"]) =>
    records &&
    Object.fromEntries(
      Object.entries(records).map(([purpose, record]) => [
        purpose,
        { ...record, timestamp_unixtime_ms: record.timestamp_unixtime_ms ?? newestMs },
      ]),
    );
  const gdpr = withTimes(state.gdpr);
  const ccpa = withTimes(state.ccpa);
  return { ...(gdpr && { gdpr }), ...(ccpa && { ccpa }) };
}
