import type { PartnerEvent } from "../message.schema.ts";
import type { Platform } from "../tenant.schema.ts";
import { isObject } from "./reader.ts";

/** By `device.type` or `os.name` in lower case, without spaces, hyphens and underscores. */
const PLATFORMS: ReadonlyMap<string, Platform> = new Map([
  ["ios", "iOS"],
  ["ipados", "iOS"],
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
  return (
    (isObject(device) ? platformNamed(device["type"]) : undefined) ??
    (isObject(os) ? platformNamed(os["name"]) : undefined)
  );
}

function platformNamed(name: unknown): Platform | undefined {
  // The longest name has ten letters; whatever is much longer is none.
  if (typeof name !== "string" || name.length > 32) return undefined;
  return PLATFORMS.get(name.toLowerCase().replace(/[\s_-]/g, ""));
}
