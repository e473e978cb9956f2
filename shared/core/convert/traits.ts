import { fieldPath } from "./findings.ts";
import { type Fields, isObject, type Values } from "./reader.ts";
import { forget, setCustom, setReserved, type UserAttributes } from "./user-attributes.ts";

/** Traits, in each of their spellings, that are attributes of mParticle's own. */
const RESERVED_TRAITS: ReadonlyMap<string, string> = new Map([
  ["phone", "$mobile"],
  ["firstName", "$firstname"],
  ["first_name", "$firstname"],
  ["firstname", "$firstname"],
  ["lastName", "$lastname"],
  ["last_name", "$lastname"],
  ["lastname", "$lastname"],
  ["age", "$age"],
  ["gender", "$gender"],
  ["postalCode", "$zip"],
  ["postal_code", "$zip"],
  ["zip", "$zip"],
]);

const ADDRESS_PARTS: ReadonlyMap<string, string> = new Map([
  ["street", "$address"],
  ["city", "$city"],
  ["state", "$state"],
  ["country", "$country"],
  ["postalCode", "$zip"],
  ["postal_code", "$zip"],
  ["zip", "$zip"],
]);

const COMPANY_PARTS: ReadonlyMap<string, string> = new Map([
  ["name", "company_name"],
  ["id", "company_id"],
  ["industry", "company_industry"],
  ["employee_count", "company_employee_count"],
  ["employeeCount", "company_employee_count"],
  ["plan", "company_plan"],
]);

const GENDERS: ReadonlyMap<string, string> = new Map([
  ["m", "M"],
  ["male", "M"],
  ["man", "M"],
  ["f", "F"],
  ["female", "F"],
  ["woman", "F"],
]);

/**
 * Adds a user's traits. `email` is left out: it is an identity.
 *
 * @param stronger - Traits that were added before; what they name is not taken from here.
 */
export function addTraits(user: UserAttributes, traits: Fields, stronger?: Values): void {
  for (const key in traits.values) {
    if (key === "email" || (stronger && Object.hasOwn(stronger, key))) continue;
    const reserved = RESERVED_TRAITS.get(key);
    if (reserved !== undefined)
      setReserved(user, reserved, traits, key, key === "gender" ? genderLetter : undefined);
    else if (key === "address") addAddress(user, traits);
    else if (key === "company") addCompany(user, traits);
    else setCustom(user, key, traits, key);
  }
}

/** Adds a group's traits, which are no traits of its members, under names of their own. */
export function addGroupTraits(user: UserAttributes, traits: Fields): void {
  for (const key in traits.values) setCustom(user, `group_${key}`, traits, key);
}

function addAddress(user: UserAttributes, traits: Fields): void {
  const value = traits.values["address"];
  if (value === null) for (const name of new Set(ADDRESS_PARTS.values())) forget(user, name);
  else if (!isObject(value)) setReserved(user, "$address", traits, "address");
  else {
    const address: Fields = {
      values: value,
      path: fieldPath(traits.path, "address"),
      findings: traits.findings,
    };
    for (const key of Object.keys(value)) {
      const reserved = ADDRESS_PARTS.get(key);
      if (reserved !== undefined) setReserved(user, reserved, address, key);
      else setCustom(user, `address.${key}`, address, key);
    }
  }
}

function addCompany(user: UserAttributes, traits: Fields): void {
  const value = traits.values["company"];
  if (value === null) for (const name of new Set(COMPANY_PARTS.values())) forgetCustom(user, name);
  if (!isObject(value)) {
    setCustom(user, "company", traits, "company");
    return;
  }
  const company: Fields = {
    values: value,
    path: fieldPath(traits.path, "company"),
    findings: traits.findings,
  };
  for (const key of Object.keys(value)) {
    setCustom(user, COMPANY_PARTS.get(key) ?? `company.${key}`, company, key);
  }
}

function forgetCustom(user: UserAttributes, name: string): void {
  forget(user, user.prefix + name);
}

/** The letter that mParticle documents, where the text clearly means one. */
export function genderLetter(text: string): string {
  return GENDERS.get(text.trim().toLowerCase()) ?? text;
}
