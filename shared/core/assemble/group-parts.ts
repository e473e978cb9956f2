import type { Envelope } from "../contribution.ts";
import type { Part } from "./assemble.ts";

/** Envelopes of one user that are compared before they are told apart by their text. */
const MAX_COMPARED = 8;

/**
 * Groups parts that may share a batch: those whose envelopes are equal. A batch in mParticle's own format, or of a row, stays alone.
 *
 * Parts are found again by their commonest identity, then compared: cheaper than a text of the whole envelope for each. A
 * user with many envelopes, or many users without such an identity, are the exception.
 */
export function groupParts(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  const byUser = new Map<unknown, Part[][]>();
  const byText = new Map<string, Part[]>();
  for (const part of parts) {
    const { envelope, own, mpid, isAlone } = part.contribution;
    if (isAlone || own !== undefined || mpid !== undefined) {
      groups.push([part]);
      continue;
    }
    const user = envelope.userIdentities?.customer_id ?? envelope.userIdentities?.other;
    const known = byUser.get(user);
    const isCrowded = known !== undefined && known.length >= MAX_COMPARED;
    const text = isCrowded ? JSON.stringify(envelope) : "";
    const same = (known && groupWith(known, envelope)) ?? (isCrowded ? byText.get(text) : undefined);
    if (same) {
      same.push(part);
      continue;
    }
    const group = [part];
    groups.push(group);
    if (isCrowded) byText.set(text, group);
    else if (known) known.push(group);
    else byUser.set(user, [group]);
  }
  return groups;
}

function groupWith(groups: readonly Part[][], envelope: Envelope): Part[] | undefined {
  for (const group of groups) {
    if (group[0] && equalEnvelopes(group[0].contribution.envelope, envelope)) return group;
  }
  return undefined;
}

function equalEnvelopes(a: Envelope, b: Envelope): boolean {
  return (
    a.ip === b.ip &&
    a.sourceRequestId === b.sourceRequestId &&
    equalConsent(a.consentState, b.consentState) &&
    equalFields(a.userIdentities, b.userIdentities) &&
    equalFields(a.deviceInfo, b.deviceInfo) &&
    equalFields(a.partnerIdentities, b.partnerIdentities) &&
    equalFields(a.applicationInfo, b.applicationInfo)
  );
}

/** Records stand in the order of the feed's settings. */
function equalConsent(a: Envelope["consentState"], b: Envelope["consentState"]): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields of an envelope that conversion made hold scalars only. */
function equalFields(a: Fields | undefined, b: Fields | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  let surplus = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    surplus++;
  }
  for (const _ in b) surplus--;
  return surplus === 0;
}
