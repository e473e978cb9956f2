import { DEVICE_IDS } from "../batch/names.ts";
import type { Batch } from "../batch.schema.ts";
import type { Finding } from "../finding.ts";
import type { Feed } from "../tenant.schema.ts";
import { lintFinding } from "./lint-finding.ts";

/** Any of them joins what several sources know of one user. */
const STRONG = ["customer_id", "email", "other"] as const;

/** In the schema, but not among the identities that mParticle's IDSync documents. */
const UNLISTED: ReadonlySet<string> = new Set(["yahoo", "alias", "facebook_custom_audience_id"]);

const PHONES: ReadonlySet<string> = new Set(["mobile_number", "phone_number_2", "phone_number_3"]);

/** What programs write where they know nobody. */
const PLACEHOLDER =
  /^(?:null|undefined|none|nil|nan|n\/a|na|unknown|anonymous|guest|test|true|false|-?[0-]+|\[object object\])$/i;

/** Fields by which outputs tell a device, and want to know its platform. */
const DEVICE_FIELDS = [...DEVICE_IDS.filter((id) => id !== "amp_id"), "push_token"] as const;

/** What mParticle makes less of than the sender thinks, of all that a batch says about its user. */
export function lintUser(
  { user_identities: identities, user_attributes: attributes, device_info: device, mpid }: Batch,
  feed: Feed,
): Finding[] {
  const findings: Finding[] = [];
  const named = identities ?? {};
  if (mpid === undefined && !STRONG.some((type) => named[type] != null))
    findings.push(lintFinding("identity_weak", "user_identities"));
  for (const [type, value] of Object.entries(named)) {
    const path = `user_identities.${type}`;
    const text = String(value);
    if (PLACEHOLDER.test(text)) findings.push(lintFinding("identity_placeholder", path));
    else if (type === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
      findings.push(lintFinding("email_implausible", path));
    else if (PHONES.has(type) && !/^\+\d{8,15}$/.test(text))
      findings.push(lintFinding("phone_not_international", path));
    if (UNLISTED.has(type)) findings.push(lintFinding("identity_unlisted", path));
  }
  const { attributePrefix: prefix } = feed.mapping;
  const own = Object.keys(attributes ?? {}).filter((name) => !name.startsWith("$"));
  if (feed.kind === "partner" && own.some((name) => prefix === "" || !name.startsWith(prefix)))
    findings.push(lintFinding("attribute_unprefixed", "user_attributes"));
  if (device && device.platform == null && DEVICE_FIELDS.some((field) => device[field] != null))
    findings.push(lintFinding("platform_missing", "device_info.platform"));
  return findings;
}
