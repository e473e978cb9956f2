/** The parts of a locale that mParticle knows. */
export interface Locale {
  readonly language: string | undefined;
  readonly country: string | undefined;
}

/** Names come from senders: whatever they send, memory stays bounded. */
const MAX_LOCALES = 1000;
const MAX_NAME_LENGTH = 64;

const NONE: Locale = { language: undefined, country: undefined };

/** There are few locales and many events. */
const locales = new Map<string, Locale>();

/** Reads `en`, `en-US`, `en_US`, `zh-Hans-CN`. */
export function localeOf(name: string): Locale {
  if (name.length > MAX_NAME_LENGTH) return NONE;
  let locale = locales.get(name);
  if (!locale) {
    locale = parseLocale(name);
    if (locales.size >= MAX_LOCALES) locales.clear();
    locales.set(name, locale);
  }
  return locale;
}

function parseLocale(name: string): Locale {
  const [language = "", ...others] = name.split(/[-_.@]/, 4);
  const country = others.find((part) => /^[a-z]{2}$/i.test(part));
  return {
    language: /^[a-z]{2,3}$/i.test(language) ? language.toLowerCase() : undefined,
    country: country?.toUpperCase(),
  };
}
