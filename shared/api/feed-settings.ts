import { FEED_SETTINGS } from "./feed.schema.ts";

type Setting = (typeof FEED_SETTINGS)[number];

/** What is set of a feed, as an answer tells it and the next request may repeat it; a setting that it has not is left out. */
export function settingsOf<Feed extends object>(feed: Feed): Pick<Feed, Setting & keyof Feed> {
  return pick(feed, (name) => isSetting(name) && feed[name as keyof Feed] !== undefined);
}

/** A feed without its settings: what a request that replaces them leaves as it is. */
export function withoutSettings<Feed extends object>(feed: Feed): Omit<Feed, Setting> {
  return pick(feed, (name) => !isSetting(name));
}

function isSetting(name: string): boolean {
  return (FEED_SETTINGS as readonly string[]).includes(name);
}

function pick<Fields>(fields: object, isTaken: (name: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isTaken(name))) as Fields;
}
