import type { Conversion } from "../contribution.ts";
import { type Finding, type FindingCode, finding } from "../finding.ts";

/** What the conversion of one event noticed. Most events give no reason to speak, so the list is made on first use. */
export interface Findings {
  list: Finding[] | undefined;
  /** Why the event can never be sent. */
  reason: Finding | undefined;
}

/** One broken event may hold thousands of broken values; these many tell what is wrong with it. */
const MAX_FINDINGS = 100;

/** UTF-16 units of a sender's key that a path repeats. */
const MAX_KEY_IN_PATH = 64;

const NONE: readonly Finding[] = [];

export function newFindings(): Findings {
  return { list: undefined, reason: undefined };
}

/** Adds a finding. @param detail - Replaces the code's sentence; names places and limits only, never a value. */
export function note(findings: Findings, code: FindingCode, path: string, detail?: string): void {
  findings.list ??= [];
  if (findings.list.length < MAX_FINDINGS) findings.list.push(finding(code, path, detail));
}

/** Tells of a value that mParticle does not take. @param wanted - What stands there where it does, with its article. */
export function noteInvalid(findings: Findings, path: string, wanted: string, value: unknown): undefined {
  note(findings, "field_invalid", path, `This must be ${wanted} and is ${typeOf(value)}: it was left out.`);
  return undefined;
}

/** Decides that the event is rejected. @returns the reason: the first that was given. */
export function refuse(findings: Findings, code: FindingCode, path: string, detail?: string): Finding {
  findings.reason ??= finding(code, path, detail);
  return findings.reason;
}

/** All findings, the reason of a refusal excepted. */
export function noted(findings: Findings): readonly Finding[] {
  return findings.list ?? NONE;
}

/** The end of an event that was refused. */
export function rejection(reason: Finding, findings: Findings): Conversion {
  return { kind: "rejected", findings: [reason, ...noted(findings)] };
}

/** What a finding calls the type of a value. Never the value. */
export function typeOf(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.trim() === "" ? "blank text" : "text";
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return "an infinite number";
  if (typeof value === "number")
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? "a number that lost digits (send it as text)"
      : "a number";
  return typeof value === "boolean" ? "a boolean" : "an object";
}

/** The place of a field in an object at `path`. A key is the sender's text, so a long one is cut. */
export function fieldPath(path: string, key: string): string {
  const name =
    key.length > MAX_KEY_IN_PATH ? `${key.slice(0, MAX_KEY_IN_PATH).toWellFormed()}…` : key.toWellFormed();
  return path === "" ? name : `${path}.${name}`;
}
