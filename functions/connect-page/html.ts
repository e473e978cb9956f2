/**
 * HTML from tagged templates. Whatever is put into one is escaped for its place; markup comes only from other templates, so that
 * a value can never become a tag, an attribute or a script.
 */
import { type Place, placesOf } from "./html-places.ts";

const MADE_HERE = Symbol();

/** Markup that is safe to be sent as it is. Made by {@link html} and {@link trustedText} alone. */
export class Html {
  readonly text: string;

  constructor(text: string, key: typeof MADE_HERE) {
    if (key !== MADE_HERE) throw new TypeError("Html is made by html`…`");
    this.text = text;
  }
}

/** Nothing at all is written for `undefined` and `false`, so that `condition && html`…`` reads as it should. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * @throws {TypeError} where a value stands in a place that escaping cannot make safe: a tag or attribute name, an attribute without
 *   double quotes, a comment, the inside of a style or script; and where an address leads elsewhere than {@link isSafeUrl} allows.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const places = placesOf(strings);
  let text = strings[0] ?? "";
  for (const [i, value] of values.entries()) {
    const place = places[i];
    if (place?.kind === "attribute") text += attribute(place, value);
    else text += place?.kind === "code" ? code(value) : content(value);
    text += strings[i + 1];
  }
  return new Html(text, MADE_HERE);
}

/** Text of ours that is no HTML, for the inside of a style or script. Never anything that came from outside. */
export function trustedText(text: string): Html {
  if (/<\/|<!--/.test(text)) throw new TypeError("It would end the element that it stands in");
  return new Html(text, MADE_HERE);
}

function content(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(content).join("");
  return escapeText(String(value));
}

function attribute({ name, isFirst }: Extract<Place, { kind: "attribute" }>, value: HtmlValue): string {
  if (typeof value !== "string" && typeof value !== "number")
    throw new TypeError(`The attribute ${name} takes text`);
  if (isFirst && URL_ATTRIBUTES.has(name) && !isSafeUrl(String(value)))
    throw new TypeError(`The attribute ${name} takes an address that leads nowhere unexpected`);
  return escapeText(String(value));
}

function code(value: HtmlValue): string {
  if (!(value instanceof Html)) throw new TypeError("A style or script takes trusted text only");
  return value.text;
}

const URL_ATTRIBUTES = new Set(["href", "src", "action"]);

/** An address on this page (`#…`, `?…`), another site over https, a mail address, or an image in the address itself. */
function isSafeUrl(url: string): boolean {
  return /^(?:[#?]|https:\/\/|mailto:|data:image\/(?:svg\+xml|png|webp|jpeg)[;,])/i.test(url);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
