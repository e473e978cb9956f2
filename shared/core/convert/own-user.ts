/** Whom a batch in mParticle's own format is about, held to the rules of converted events. */
import { DEVICE_IDS, DEVICE_UUIDS } from "../batch/names.ts";
import type { PartnerIdentities } from "../batch.schema.ts";
import type { MappingSettings } from "../mapping/plan.ts";
import { attributeName } from "./attributes.ts";
import type { ConvertContext } from "./convert-context.ts";
import { deviceId, deviceUuid } from "./device.ts";
import { fieldPath, note, noteInvalid } from "./findings.ts";
import { allowsOwnName } from "./held-back.ts";
import { identity } from "./identities.ts";
import { publicIp } from "./ip.ts";
import { type MutableObject, mutable } from "./json-copy.ts";
import { type Fields, isObject } from "./reader.ts";
import { addEmailHash, newUserAttributes, setCustom } from "./user-attributes.ts";

/** A batch that is changed in place. Its values of a wrong shape are left for the schema to refuse. */
export interface OwnBatch extends Fields {
  readonly values: MutableObject;
}

/** IDSync's spellings of identities, which the batch's schema refuses. */
const LEGACY_IDENTITIES: ReadonlyMap<string, string> = new Map([
  ["customerid", "customer_id"],
  ...Array.from({ length: 9 }, (_, i) => [`other${i + 2}`, `other_id_${i + 2}`] as const),
]);

/** Identities under the schema's names, as trimmed text. */
export function fitUserIdentities({ values: batch, path, findings }: OwnBatch): void {
  const given = batch["user_identities"];
  if (!isObject(given)) return;
  const identities: MutableObject = {};
  for (const key of Object.keys(given)) {
    const value = identity(given[key], fieldPath(`${path}.user_identities`, key), findings);
    const name = LEGACY_IDENTITIES.get(key) ?? key;
    if (value !== undefined && (name === key || !Object.hasOwn(given, name))) identities[name] = value;
  }
  if (Object.keys(identities).length > 0) batch["user_identities"] = identities;
  else delete batch["user_identities"];
}

/** The one partner identity that is registered, where the feed takes partner identities at all. */
export function fitPartnerIdentities(
  { values: batch, findings }: OwnBatch,
  { feed, partnerIdentity }: ConvertContext,
): void {
  const given = batch["partner_identities"];
  if (given === undefined) return;
  delete batch["partner_identities"];
  const registered = feed.kind === "partner" ? partnerIdentity : undefined;
  const values = isObject(given) ? given : {};
  const value =
    registered === undefined
      ? undefined
      : identity(values[registered], `batch.partner_identities.${registered}`, findings);
  if (registered !== undefined && value !== undefined) {
    batch["partner_identities"] = { [registered]: value } satisfies PartnerIdentities;
  }
  if (Object.keys(values).length !== (value === undefined ? 0 : 1)) {
    note(findings, "partner_identities_stripped", "batch.partner_identities");
  }
}

/**
 * Attributes as text and lists of text, within limits; names are the sender's own, so none gets a prefix.
 *
 * @param emailHash - Of an address that the feed does not send; undefined: there is none.
 */
export function fitUserAttributes(
  { values: batch, path, findings }: OwnBatch,
  settings: MappingSettings,
  emailHash: string | undefined,
): void {
  const user = newUserAttributes("", "ignore", (name) => allowsOwnName(settings, name));
  if (emailHash !== undefined)
    addEmailHash(
      { ...user, prefix: settings.attributePrefix, allows: settings.userAttributes },
      emailHash,
      findings,
    );
  const { user_attributes: given = {} } = batch;
  if (isObject(given)) {
    const fields: Fields = { values: given, path: `${path}.user_attributes`, findings };
    for (const key of Object.keys(given)) {
      // A tag without value in mParticle's web SDK; no text says the same.
      if (given[key] === null) note(findings, "attribute_value_invalid", fieldPath(fields.path, key));
      else setCustom(user, key, fields, key);
    }
    delete batch["user_attributes"];
    if (Object.keys(user.values).length > 0) batch["user_attributes"] = user.values;
  }
  const deleted = batch["deleted_user_attributes"];
  if (!Array.isArray(deleted)) return;
  const fields: Fields = { values: batch, path, findings };
  const names = deleted.map((name) =>
    typeof name === "string" ? attributeName(name, fields, "deleted_user_attributes") : name,
  );
  batch["deleted_user_attributes"] = names.filter((name) =>
    typeof name === "string"
      ? !Object.hasOwn(user.values, name) && allowsOwnName(settings, name)
      : name !== undefined,
  );
}

/** Device ids that would fail the whole batch, or name everybody, are left out. */
export function fitDevice({ values: batch, path, findings }: OwnBatch): void {
  const app = mutable(batch["application_info"]);
  if (app) removeNulls(app);
  const device = mutable(batch["device_info"]);
  if (!device) return;
  removeNulls(device);
  const fields: Fields = { values: device, path: `${path}.device_info`, findings };
  for (const key of [...DEVICE_IDS, "roku_publisher_id"]) {
    if (device[key] === undefined) continue;
    const id = (DEVICE_UUIDS as readonly string[]).includes(key)
      ? deviceUuid(fields, key)
      : deviceId(fields, key);
    if (id === undefined) delete device[key];
    else device[key] = id;
  }
}

export function fitIp(batch: OwnBatch): void {
  const ip = publicIp(batch, "ip");
  if (ip === undefined) delete batch.values["ip"];
  else batch.values["ip"] = ip;
}

/** The mParticle id as digits, taken out of the batch: 64 bits are more than a JavaScript number holds. */
export function takeMpid(batch: OwnBatch): string | undefined {
  const { values, path, findings } = batch;
  const { mpid } = values;
  delete values["mpid"];
  if (mpid === undefined) return undefined;
  const digits = isDigits(mpid) ? mpid : Number.isSafeInteger(mpid) ? String(mpid) : undefined;
  const isId = digits !== undefined && digits !== "0" && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
  return isId ? digits : noteInvalid(findings, `${path}.mpid`, "a whole number of 64 bits, and not 0,", mpid);
}

function isDigits(value: unknown): value is string {
  return typeof value === "string" && /^-?[1-9]\d{0,18}$/.test(value);
}

function removeNulls(object: MutableObject): void {
  for (const key of Object.keys(object)) if (object[key] === null) delete object[key];
}
