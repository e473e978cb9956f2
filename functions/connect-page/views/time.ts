import { type Html, html } from "../html.ts";
import type { Language } from "../messages.ts";

/** An instant in UTC; the script writes it anew in the visitor's own zone. */
export function time(ms: number, language: Language): Html {
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return html`<time datetime="${new Date(ms).toISOString()}">${format.format(ms)} UTC</time>`;
}
