/** Mappings that leave events without a user, or tell of a user what they were to keep back. */
import { type EventPlace, placesIn } from "../../../shared/api/checks/places.ts";
import type { Remark } from "../../../shared/api/remark.schema.ts";
import type { Path } from "../../../shared/api/shapes/value-shape.ts";
import { DEVICE_IDS } from "../../../shared/core/batch/names.ts";
import type { Mapping } from "../../../shared/core/mapping/mapping.schema.ts";
import { parsePath } from "../../../shared/core/mapping/path.ts";
import type { Value } from "../../../shared/core/mapping/value.schema.ts";
import { pointer } from "../field-errors.ts";
import { isUserAttributeSent } from "./name-remarks.ts";

export function userRemarks(mapping: Mapping): Remark[] {
  return [...nobodyRemarks(mapping), ...emailRemarks(mapping)];
}

/** Where no identity is read and no device's id is named, which may be what a feed of devices wants. */
function nobodyRemarks(mapping: Mapping): Remark[] {
  const { preset, userIdentities, rules } = mapping;
  const isWalkerOs = preset === "walkeros";
  if (!isWalkerOs && userIdentities?.["*"] !== null) return [];
  const isSomebodyNamed = [mapping, ...rules].some(
    (given) =>
      Object.values(given.userIdentities ?? {}).some((source) => source != null) ||
      DEVICE_IDS.some((id) => given.deviceInfo?.[id] != null),
  );
  if (isSomebodyNamed) return [];
  const message = isWalkerOs
    ? "names no user: events are rejected while no place of userIdentities is named"
    : "names no user: events are rejected, those with the id of a device excepted";
  const place = userIdentities === undefined ? "preset" : "userIdentities";
  return [{ pointer: `/mapping/${place}`, code: "nobody_named", message }];
}

const ADDRESS = /^e-?mail(?:_?address)?$/i;

/** Objects of an event that say of its user what they are. */
const USERS: ReadonlySet<unknown> = new Set(["traits", "user"]);

/** Attributes that give the address which is kept back elsewhere. */
/** What no address is left of: a hash tells nobody. */
const NO_ADDRESS: ReadonlySet<string> = new Set(["sha256", "boolean", "number", "integer", "epoch_ms"]);

function emailRemarks(mapping: Mapping): Remark[] {
  if (mapping.email === "raw") return [];
  return [
    ...rawEmails(mapping, ["userAttributes"], mapping),
    ...mapping.rules.flatMap((rule, i) => rawEmails(rule, ["rules", i, "userAttributes"], mapping)),
  ].map((path) => ({
    pointer: pointer(["mapping", ...path]),
    code: "email_sent",
    message: `sends the e-mail address as it is, while /mapping/email says ${mapping.email}`,
  }));
}

function rawEmails(
  { userAttributes = {} }: Pick<Mapping, "userAttributes">,
  path: Path,
  mapping: Mapping,
): Path[] {
  return Object.entries(userAttributes).flatMap(([name, value]) => {
    if (value == null) return [];
    if (name !== "*")
      return isUserAttributeSent(mapping, name) ? rawPlaces(value, [...path, name], isAddress) : [];
    const isNamed =
      Object.hasOwn(userAttributes, "email") || Object.hasOwn(mapping.userAttributes ?? {}, "email");
    return isNamed || !isUserAttributeSent(mapping, "email")
      ? []
      : rawPlaces(value, [...path, name], (place) => isAddress(place) || USERS.has(lastStep(place)));
  });
}

/** Channels are called so, too. */
function isAddress(place: EventPlace): boolean {
  return ADDRESS.test(String(lastStep(place))) && !/consent|channel|preference|opt/i.test(place.text);
}

function lastStep({ text }: EventPlace): string | number | undefined {
  return parsePath(text, "").steps.at(-1);
}

/** Some of the places that are sent as they are. */
function rawPlaces(value: Value, path: Path, isMeant: (place: EventPlace) => boolean): Path[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => rawPlaces(one, [...path, i], isMeant));
  if (typeof value === "object" && [value.convert].flat().some((one) => NO_ADDRESS.has(String(one))))
    return [];
  if (typeof value === "object" && value.map)
    return Object.entries(value.map).flatMap(([name, one]) =>
      rawPlaces(one, [...path, "map", name], isMeant),
    );
  return placesIn(value, path)
    .filter(isMeant)
    .map((place) => place.path);
}
