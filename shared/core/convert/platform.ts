import type { PartnerEvent } from "../message.schema.ts";
import type { Platform } from "../tenant.schema.ts";
import { type Fields, isObject, reportInvalid, text, type Values } from "./reader.ts";

/** By `device.type` or `os.name` in lower case, without spaces, hyphens and underscores. */
const PLATFORMS: ReadonlyMap<string, Platform> = new Map([
  ["ios", "iOS"],
  ["ipados", "iOS"],
  ["iphoneos", "iOS"],
  ["android", "Android"],
  ["tvos", "tvOS"],
  ["web", "web"],
  ["browser", "web"],
  ["roku", "roku"],
  ["alexa", "alexa"],
  ["smarttv", "smart_tv"],
  ["firetv", "fire_tv"],
  ["fire", "fire_tv"],
  ["xbox", "xbox"],
  ["outofband", "out_of_band"],
]);

/** The platform that an event came from, as mParticle names it; undefined when it says none that mParticle knows. */
export function platformOf(event: PartnerEvent): Platform | undefined {
  if (event.type !== "batch") return contextPlatform(event.context);
  const device = event.batch["device_info"];
  return isObject(device) ? platformNamed(device["platform"]) : undefined;
}

/** From a Segment-spec `context`: the device's type, else the operating system's name. */
export function contextPlatform(context: unknown): Platform | undefined {
  if (!isObject(context)) return undefined;
  const { device, os } = context;
  const type = isObject(device) ? plainName(device["type"]) : "";
  // mParticle knows no desktop: a browser on one is its web, anything else none of its platforms.
  if (type === "desktop" && isBrowser(context)) return "web";
  return PLATFORMS.get(type) ?? (isObject(os) ? platformNamed(os["name"]) : undefined);
}

/** The platform that a field names in any of its spellings. */
export function platformIn(fields: Fields, key: string): Platform | undefined {
  const name = text(fields, key);
  return name === undefined
    ? undefined
    : (platformNamed(name) ?? reportInvalid(fields, key, "one of mParticle's platforms"));
}

/** What has a page, or says that it is a browser in the way that all of them do. */
function isBrowser({ page, userAgent }: Values): boolean {
  return isObject(page) || (typeof userAgent === "string" && userAgent.startsWith("Mozilla/"));
}

function platformNamed(name: unknown): Platform | undefined {
  return PLATFORMS.get(plainName(name));
}

/** A name as the table has it; blank where it is none. The longest has ten letters: what is much longer is not looked at. */
function plainName(name: unknown): string {
  if (typeof name !== "string" || name.length > 32) return "";
  return name.toLowerCase().replace(/[\s_-]/g, "");
}
