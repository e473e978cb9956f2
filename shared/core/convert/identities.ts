import { IDENTITY_TYPES } from "../batch/names.ts";
import type { PartnerIdentities, UserIdentities } from "../batch.schema.ts";
import { MAX_IDENTITY_BYTES } from "../limits.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import type { SegmentEvent } from "../message.schema.ts";
import type { Call } from "./call.ts";
import type { ConvertContext } from "./convert-context.ts";
import { anonymousIdOf } from "./filter.ts";
import { type Findings, fieldPath, note, refuse } from "./findings.ts";
import { each, type FieldReaders, withMapped } from "./mapped-fields.ts";
import type { Fields } from "./reader.ts";
import { isBlank, trimmed } from "./text.ts";

/** UTF-8 bytes that one UTF-16 unit takes at most. */
const MAX_BYTES_PER_UNIT = 3;

const PHONES = ["mobile_number", "phone_number_2", "phone_number_3"] as const;

const KINDS: ReadonlySet<string> = new Set(IDENTITY_TYPES);

/** Whether a name is one of mParticle's kinds of user identity. */
export function isIdentity(name: string): boolean {
  return KINDS.has(name);
}

/** Where an event names its user: the places of an e-mail address, the most telling first. */
export interface IdentitySources {
  readonly traits: Fields | undefined;
  readonly contextTraits: Fields | undefined;
  readonly properties: Fields | undefined;
}

/** The `user_identities` of a call; undefined when it names no user. */
export function userIdentities(
  event: SegmentEvent,
  sources: IdentitySources,
  call: Call,
): UserIdentities | undefined {
  const { mapping, findings } = call;
  const plan = call.sections.userIdentities;
  if (!plan) return standardIdentities(event, sources, mapping, findings);
  const standard =
    plan.rest === "standard" ? standardIdentities(event, sources, mapping, findings) : undefined;
  return withMapped(standard, plan, "userIdentities", identityReaders(mapping), call);
}

/** As the Segment spec names users, always in the same order. */
function standardIdentities(
  event: SegmentEvent,
  { traits, contextTraits, properties }: IdentitySources,
  mapping: MappingSettings,
  findings: Findings,
): UserIdentities | undefined {
  const customerId = identity(event.userId, "userId", findings);
  const email =
    identityIn(traits, "email") ?? identityIn(contextTraits, "email") ?? identityIn(properties, "email");
  const other =
    event.type === "alias"
      ? identity(anonymousIdOf(event), "previousId", findings)
      : identity(event.anonymousId, "anonymousId", findings);
  const phone = mapping.phoneAsIdentity
    ? (identityIn(traits, "phone") ?? identityIn(contextTraits, "phone"))
    : undefined;

  if (customerId === undefined && email === undefined && other === undefined && phone === undefined)
    return undefined;
  const identities: UserIdentities = {};
  if (customerId !== undefined) identities.customer_id = customerId;
  if (email !== undefined) identities.email = mapping.lowerCaseEmail ? email.toLowerCase() : email;
  if (other !== undefined) identities.other = other;
  if (phone !== undefined) identities.mobile_number = internationalNumber(phone);
  return identities;
}

const readersBySettings = new WeakMap<MappingSettings, FieldReaders>();

/** Each held to what an identity of its kind may be; the same for the same settings. */
export function identityReaders(settings: MappingSettings): FieldReaders {
  const known = readersBySettings.get(settings);
  if (known) return known;
  const readers = readersFor(settings);
  readersBySettings.set(settings, readers);
  return readers;
}

function readersFor({ lowerCaseEmail, isWalkerOs }: MappingSettings): FieldReaders {
  const read = isWalkerOs ? walkerIdentityIn : identityIn;
  return {
    ...each(IDENTITY_TYPES, read),
    email: (fields, key) => {
      const email = read(fields, key);
      return lowerCaseEmail ? email?.toLowerCase() : email;
    },
    ...each(PHONES, (fields, key) => {
      const phone = read(fields, key);
      return phone && internationalNumber(phone);
    }),
  };
}

/** The partner's own id of the user, under its one registered name. Custom feeds refuse it. */
export function partnerIdentities(
  partnerUserId: unknown,
  { feed, partnerIdentity }: ConvertContext,
  findings: Findings,
): PartnerIdentities | undefined {
  if (partnerIdentity === undefined || feed.kind !== "partner") return undefined;
  const value = identity(partnerUserId, "partnerUserId", findings);
  return value === undefined ? undefined : { [partnerIdentity]: value };
}

/**
 * An identity as trimmed text. Absent or blank: undefined. Unusable: undefined with a finding. Too long: the event is refused,
 * since without this identity it would be attached to somebody else.
 */
export function identity(value: unknown, path: string, findings: Findings): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = identityText(value);
  if (text === undefined) {
    if (!isBlank(value)) note(findings, "identity_invalid", path);
    return undefined;
  }
  if (text.length * MAX_BYTES_PER_UNIT > MAX_IDENTITY_BYTES && Buffer.byteLength(text) > MAX_IDENTITY_BYTES) {
    refuse(findings, "identity_too_long", path);
    return undefined;
  }
  return text;
}

/** The identity in a field. */
export function identityIn(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.values[key];
  if (fields === undefined || value === undefined || value === null) return undefined;
  return identity(value, fieldPath(fields.path, key), fields.findings);
}

/** As walkerOS reads one: a boolean is its text. */
function walkerIdentityIn(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.values[key];
  return typeof value === "boolean" ? String(value) : identityIn(fields, key);
}

/** Broken Unicode is no identity: repaired, two people's ids could become one. Nor is a number that lost digits. */
export function identityText(value: unknown): string | undefined {
  if (typeof value === "number") {
    const isExact = Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
    return isExact ? String(value) : undefined;
  }
  if (typeof value !== "string" || !value.isWellFormed()) return undefined;
  const bare = trimmed(value);
  return bare === "" ? undefined : bare;
}

/** A phone number that states its country, without the punctuation people write; any other as it is. */
function internationalNumber(phone: string): string {
  const digits = phone.replace(/[\s().-]/g, "");
  return /^\+\d{8,15}$/.test(digits) ? digits : phone;
}
