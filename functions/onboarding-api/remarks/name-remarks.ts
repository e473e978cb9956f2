/** Names of attributes that are surely not meant: lists that leave out what is to be sent, words of values. */
import { misreadSections } from "../../../shared/api/checks/misread-sections.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import { EMAIL_HASH, withoutDollar } from "../../../shared/core/convert/user-attributes.ts";
import type { Mapping } from "../../../shared/core/mapping/mapping.schema.ts";
import { pointer } from "../field-errors.ts";

export function nameRemarks(mapping: Mapping): Remark[] {
  return [
    ...listRemarks(mapping, "UserAttributes"),
    ...listRemarks(mapping, "CustomAttributes"),
    ...prefixRemarks(mapping),
    ...wordRemarks(mapping),
    ...hashRemarks(mapping),
  ];
}

/** What is allowed and denied is not sent. */
function listRemarks(mapping: Mapping, of: "UserAttributes" | "CustomAttributes"): Remark[] {
  const allowed = mapping[`allow${of}`];
  const denied = mapping[`deny${of}`];
  const place = `/mapping/allow${of}`;
  const remarks = allowed.flatMap((name, i): Remark[] => {
    const by = denied.findIndex((one) => covers(one, name));
    if (by < 0) return [];
    const message = `is not sent: /mapping/deny${of}/${by} denies it`;
    return [{ pointer: `${place}/${i}`, code: "name_denied", message }];
  });
  if (remarks.length === 0 || remarks.length < allowed.length) return remarks;
  const message = `leaves no attribute to send: /mapping/deny${of} denies all of it`;
  return [{ pointer: place, code: "nothing_allowed", message }];
}

/** The lists are of names without the prefix. One that ends in a letter may be how any name begins. */
function prefixRemarks(mapping: Mapping): Remark[] {
  const prefix = withoutDollar(mapping.attributePrefix);
  if (!/[^a-z0-9]$/i.test(prefix)) return [];
  return (["allowUserAttributes", "denyUserAttributes"] as const).flatMap((list) =>
    mapping[list].flatMap((name, i): Remark[] => {
      const bare = name.slice(prefix.length);
      if (!name.startsWith(prefix) || bare === "" || bare === "*") return [];
      const message = `names an attribute that is sent as ${prefix}${name}: names are without attributePrefix here, as ${bare}`;
      return [{ pointer: `/mapping/${list}/${i}`, code: "name_with_prefix", message }];
    }),
  );
}

/** Words of values as names of attributes: all that is sure is refused. */
function wordRemarks(mapping: Mapping): Remark[] {
  return misreadSections(mapping).map(({ path, word, message }) => ({
    pointer: pointer(["mapping", ...path, word]),
    code: "word_as_name",
    message,
  }));
}

/** The hash of an e-mail address is a user attribute like any other. */
function hashRemarks({ email, allowUserAttributes, denyUserAttributes }: Mapping): Remark[] {
  if (email !== "hashed") return [];
  const by = denyUserAttributes.findIndex((one) => covers(one, EMAIL_HASH));
  const isAllowed =
    allowUserAttributes.length === 0 || allowUserAttributes.some((one) => covers(one, EMAIL_HASH));
  if (by < 0 && isAllowed) return [];
  const why =
    by < 0
      ? `/mapping/allowUserAttributes does not name ${EMAIL_HASH}`
      : `/mapping/denyUserAttributes/${by} denies ${EMAIL_HASH}`;
  return [
    { pointer: "/mapping/email", code: "hash_not_sent", message: `is not sent, hashed or not: ${why}` },
  ];
}

/** Whether the lists let a user attribute of this name, which is one of the feed's own, pass. */
export function isUserAttributeSent(
  { allowUserAttributes: allowed, denyUserAttributes: denied }: Mapping,
  name: string,
): boolean {
  return (
    (allowed.length === 0 || allowed.some((one) => covers(one, name))) &&
    !denied.some((one) => covers(one, name))
  );
}

/** Whether an entry of a list means all names that another one means. */
function covers(one: string, other: string): boolean {
  return one === other || (one.endsWith("*") && other.startsWith(one.slice(0, -1)));
}
