/** Where the holes of an HTML template are. */
export type Place =
  | { readonly kind: "content" }
  /** Between the double quotes of an attribute. */
  | {
      readonly kind: "attribute";
      readonly name: string;
      /** Nothing of the attribute's value stands before: of an address, the value decides where it leads. */
      readonly isFirst: boolean;
    }
  /** Inside of a style or script element. */
  | { readonly kind: "code" };

/** Every template is read once, however often it is filled in. */
const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

/** @throws {TypeError} A hole is in a place that no escaping makes safe. */
export function placesOf(strings: TemplateStringsArray): readonly Place[] {
  let places = known.get(strings);
  if (!places) {
    places = readPlaces(strings);
    known.set(strings, places);
  }
  return places;
}

function readPlaces(strings: TemplateStringsArray): readonly Place[] {
  const places: Place[] = [];
  let before = "";
  for (const text of strings.slice(0, -1)) {
    before += text;
    places.push(placeAfter(before));
    // What stands for a value has no character that ends anything.
    before += "x";
  }
  return places;
}

const ELEMENT = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>/gi;

function placeAfter(before: string): Place {
  let open = "";
  let end = 0;
  for (const { 0: text, 1: slash, 2: name = "", index } of before.matchAll(ELEMENT)) {
    const isCodeEnd = slash === "/" && name.toLowerCase() === open;
    if (open !== "" && !isCodeEnd) continue;
    open = slash === "" && /^(?:style|script)$/i.test(name) ? name.toLowerCase() : "";
    end = index + text.length;
  }
  if (open !== "") return { kind: "code" };
  const rest = before.slice(end);
  if (!rest.includes("<")) return { kind: "content" };
  const [, name, value] =
    /<[a-z][a-z0-9]*(?:[^"'>]|"[^"]*"|'[^']*')*\s([a-z][a-z0-9-]*)="([^"]*)$/i.exec(rest) ?? [];
  if (name === undefined || /^(?:on|style$)/i.test(name)) {
    throw new TypeError(`No value can be put safely after ${before.slice(-40)}`);
  }
  return { kind: "attribute", name: name.toLowerCase(), isFirst: value === "" };
}
