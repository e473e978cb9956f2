import type { DeviceCurrentState, Location } from "../batch.schema.ts";
import { type Attributes, addField, addFields, attributeName } from "./attributes.ts";
import { note } from "./findings.ts";
import { type Fields, fieldsOf, flag, isUuid, number, reportInvalid, section, text } from "./reader.ts";

/** What a Segment-spec context says about each of its events, beside attributes. */
export interface Circumstances {
  readonly sessionUuid: string | undefined;
  readonly location: Location | undefined;
  readonly currentState: DeviceCurrentState | undefined;
}

/** Fields of a section that become attributes, with the attributes' names. */
type AttributeNames = readonly { readonly key: string; readonly name: string }[];

const CAMPAIGN: AttributeNames = [
  { key: "name", name: "utm_campaign" },
  { key: "source", name: "utm_source" },
  { key: "medium", name: "utm_medium" },
  { key: "term", name: "utm_term" },
  { key: "content", name: "utm_content" },
];

const CAMPAIGN_KEYS: ReadonlySet<string> = new Set(CAMPAIGN.map(({ key }) => key));

const PAGE: AttributeNames = [
  { key: "path", name: "page_path" },
  { key: "referrer", name: "page_referrer" },
  { key: "search", name: "page_search" },
  { key: "title", name: "page_title" },
  { key: "url", name: "page_url" },
];

/** What there is no place for in an event's `location`. */
const PLACE: AttributeNames = [
  { key: "city", name: "location_city" },
  { key: "region", name: "location_region" },
  { key: "country", name: "location_country" },
];

/** Of a call without context. */
export const NO_CIRCUMSTANCES: Circumstances = {
  sessionUuid: undefined,
  location: undefined,
  currentState: undefined,
};

/** Reads what a context says about an event. What only an attribute can hold is added to `attributes`. */
export function readCircumstances(context: Fields | undefined, attributes: Attributes): Circumstances {
  if (!context) return NO_CIRCUMSTANCES;
  const sessionUuid = readSession(context, attributes);
  addField(attributes, "timezone", context, "timezone");
  const screen = section(context, "screen");
  if (screen) addField(attributes, "screen_density", screen, "density");
  const place = section(context, "location");
  const location = place && readLocation(place, attributes);
  addCampaign(attributes, section(context, "campaign"));
  addSection(attributes, section(context, "page"), PAGE);
  const { referrer } = context.values;
  // Some libraries put the address here that others put in `referrer.url`.
  if (typeof referrer === "string") addField(attributes, "referrer_url", context, "referrer");
  else addReferrer(attributes, fieldsOf(referrer, "context.referrer", context.findings));
  return { sessionUuid, location, currentState: readCurrentState(section(context, "network")) };
}

function readSession(context: Fields, attributes: Attributes): string | undefined {
  const { sessionId } = context.values;
  if (typeof sessionId === "string" && isUuid(sessionId)) return sessionId;
  addField(attributes, "session_id", context, "sessionId");
  return undefined;
}

/** mParticle refuses a place without coordinates, and takes countries by their two letters. */
function readLocation(place: Fields, attributes: Attributes): Location | undefined {
  const latitude = coordinate(place, "latitude", 90);
  const longitude = coordinate(place, "longitude", 180);
  if (latitude === undefined || longitude === undefined) {
    if (latitude !== longitude) note(place.findings, "location_incomplete", place.path);
    addSection(attributes, place, PLACE);
    return undefined;
  }
  const location: Location = { latitude, longitude };
  const country = text(place, "country");
  if (country !== undefined && /^[a-z]{2}$/i.test(country)) location.country_code = country.toUpperCase();
  else addField(attributes, "location_country", place, "country");
  const region = text(place, "region");
  if (region !== undefined) location.region_code = region;
  const city = text(place, "city");
  if (city !== undefined) location.city_name = city;
  return location;
}

/** Degrees between `-max` and `max`. */
export function coordinate(place: Fields, key: string, max: number): number | undefined {
  const degrees = number(place, key);
  return degrees === undefined || Math.abs(degrees) <= max
    ? degrees
    : reportInvalid(place, key, `degrees from -${max} to ${max}`);
}

function readCurrentState(network: Fields | undefined): DeviceCurrentState | undefined {
  if (!network) return undefined;
  const wifi = flag(network, "wifi");
  const cellular = flag(network, "cellular");
  if (wifi) return { data_connection_type: "wifi" };
  if (cellular) return { data_connection_type: "mobile" };
  return wifi === false && cellular === false ? { data_connection_type: "offline" } : undefined;
}

function addSection(attributes: Attributes, fields: Fields | undefined, names: AttributeNames): void {
  if (fields) for (const { key, name } of names) addField(attributes, name, fields, key);
}

/** The spec's parameters, then those of the sender's own. */
function addCampaign(attributes: Attributes, campaign: Fields | undefined): void {
  if (!campaign) return;
  addSection(attributes, campaign, CAMPAIGN);
  for (const key in campaign.values) {
    if (CAMPAIGN_KEYS.has(key)) continue;
    const name = attributeName(key.startsWith("utm_") ? key : `utm_${key}`, campaign, key);
    if (name !== undefined) addField(attributes, name, campaign, key);
  }
}

function addReferrer(attributes: Attributes, referrer: Fields | undefined): void {
  if (referrer) addFields(attributes, referrer, undefined, "referrer_");
}
