/** The languages of the page, and which one a visitor gets. A new language is one file more, and a line here. */
import { de } from "./messages/de.ts";
import { en, type Messages } from "./messages/en.ts";

const LANGUAGES = { en, de } as const satisfies Record<string, Messages>;

export type { Messages } from "./messages/en.ts";
export type Language = keyof typeof LANGUAGES;

/** With their own names, for a choice. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

const DEFAULT: Language = "en";

export function messagesIn(language: Language): Messages {
  return LANGUAGES[language];
}

/** The first of some wishes that can be fulfilled. A wish is a language tag, or a whole `Accept-Language` header. */
export function chooseLanguage(...wishes: readonly (string | undefined)[]): Language {
  for (const wish of wishes) {
    const language = wish === undefined ? undefined : negotiate(wish);
    if (language) return language;
  }
  return DEFAULT;
}

/** Highest quality first, then first come; `de-AT` is content with `de`. Undefined: none of them, or any. */
function negotiate(header: string): Language | undefined {
  return header
    .slice(0, 1_000)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim());
      const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
      return { language: languageOf(tag), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .find(({ language }) => language !== undefined)?.language;
}

function languageOf(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split("-")[0] ?? "";
  return Object.hasOwn(LANGUAGES, primary) ? (primary as Language) : undefined;
}
