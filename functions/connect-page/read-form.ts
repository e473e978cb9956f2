import type { PageRequest } from "./http.ts";

/** Bytes of a form: the keys of as many feeds as a link may ask for are far shorter. */
const MAX_FORM_BYTES = 65_536;

const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:; *charset="?utf-8"?)?$/i;

/** Why a form cannot be read, as a status. */
export type UnreadableForm = 400 | 413 | 415;

/** The fields of a form, each once. What can be read in two ways is not read at all. */
export function readForm({ headers, body }: PageRequest): ReadonlyMap<string, string> | UnreadableForm {
  if (body.length > MAX_FORM_BYTES) return 413;
  const encoding = headers["content-encoding"] ?? "identity";
  if (!FORM_TYPE.test(headers["content-type"] ?? "") || encoding.toLowerCase() !== "identity") return 415;
  try {
    const fields = body
      .toString("latin1")
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair): [string, string] => {
        const [name = "", ...value] = pair.split("=");
        return [decoded(name), decoded(value.join("="))];
      });
    const form = new Map(fields);
    return form.size === fields.length ? form : 400;
  } catch {
    return 400;
  }
}

/** @throws {URIError} for a percent sign without two digits, and for what is not UTF-8. */
function decoded(text: string): string {
  if (/[^\x21-\x7e]/.test(text)) throw new URIError("A form is percent-encoded");
  return decodeURIComponent(text.replaceAll("+", " "));
}
