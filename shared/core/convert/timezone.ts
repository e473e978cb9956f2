/** A zone's clock at one instant. */
export interface ZoneClock {
  /** From UTC, in minutes. */
  readonly offsetMinutes: number;
  readonly isDst: boolean;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** By slot of time. */
  readonly clocks: Map<number, ZoneClock>;
}

/** No zone has changed its clock at other than a quarter of an hour since 2001. */
const SLOT_MS = 900_000;

/** Names come from senders: whatever they send, memory stays bounded. There are about 600 real ones. */
const MAX_ZONES = 1000;
const MAX_CLOCKS = 1000;
const MAX_NAME_LENGTH = 64;

/** Undefined: no such zone. Asking Intl costs more than all the rest of a conversion, so its answers are kept. */
const zones = new Map<string, Zone | undefined>();

/** What a clock in an IANA time zone shows; undefined when there is no such zone. */
export function zoneClock(name: string, atMs: number): ZoneClock | undefined {
  const zone = findZone(name);
  if (!zone) return undefined;
  const slot = Math.floor(atMs / SLOT_MS);
  let clock = zone.clocks.get(slot);
  if (!clock) {
    clock = readClock(zone.format, slot * SLOT_MS);
    if (zone.clocks.size >= MAX_CLOCKS) zone.clocks.clear();
    zone.clocks.set(slot, clock);
  }
  return clock;
}

function findZone(name: string): Zone | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const known = zones.get(name);
  if (known !== undefined || zones.has(name)) return known;
  if (zones.size >= MAX_ZONES) zones.clear();
  const zone = makeZone(name);
  zones.set(name, zone);
  return zone;
}

function makeZone(timeZone: string): Zone | undefined {
  try {
    return {
      format: new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }),
      clocks: new Map(),
    };
  } catch {
    return undefined;
  }
}

/** Daylight saving: ahead of the lesser of the year's winter and summer offsets, in whichever hemisphere. */
function readClock(format: Intl.DateTimeFormat, atMs: number): ZoneClock {
  const offsetMinutes = offsetAt(format, atMs);
  const year = new Date(atMs).getUTCFullYear();
  const standard = Math.min(offsetAt(format, Date.UTC(year, 0, 1)), offsetAt(format, Date.UTC(year, 6, 1)));
  return { offsetMinutes, isDst: offsetMinutes > standard };
}

/** Reads `1/29/2024, GMT+01:00`; plain `GMT` is zero. */
function offsetAt(format: Intl.DateTimeFormat, atMs: number): number {
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(atMs)) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes);
  return sign === "-" ? -size : size;
}
