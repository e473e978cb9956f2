import type { FieldError } from "../../api/problem.schema.ts";
import type { Credentials } from "../tenant.schema.ts";

/** Of an API key or secret: longer than any that mParticle gives out. */
export const MAX_KEY_LENGTH = 512;

/** Keys as mParticle shows them: 32 hexadecimal digits, some with the region before them (`us1-…`). */
const LIKE_A_KEY = /^([a-z]{2}\d-)?[0-9a-f]{32}$/i;

/** Secrets as mParticle shows them: 64 characters of base64. */
const LIKE_A_SECRET = /^[A-Za-z0-9_+/=-]{60,68}$/;

/** Whether a text has the form of an API key or secret, wherever it stands. */
export function looksLikeKey(text: string): boolean {
  return LIKE_A_KEY.test(text) || LIKE_A_SECRET.test(text);
}

/** What travels in an HTTP Basic header and no keyboard hides: printable ASCII. */
const PRINTABLE = /^[\x21-\x7e]+$/;

const QUOTES = /^["'`“”‘’«»]|["'`“”‘’«»]$/;

type Field = keyof Credentials;

const NAMES: Readonly<Record<Field, string>> = { apiKey: "The API key", apiSecret: "The API secret" };

/**
 * What is plainly wrong with a pair of keys, before anybody is asked about them: what customers get wrong when they copy and paste.
 *
 * @returns a sentence for each field that is wrong, none of which quotes it.
 */
export function formatErrors({ apiKey, apiSecret }: Credentials): FieldError[] {
  const errors = [...fieldErrors("apiKey", apiKey), ...fieldErrors("apiSecret", apiSecret)];
  if (errors.length > 0) return errors;
  if (apiKey === apiSecret)
    return [
      error(
        "apiSecret",
        "equal",
        "The API secret is the same as the API key: copy the other one of the two.",
      ),
    ];
  if (LIKE_A_SECRET.test(apiKey) && LIKE_A_KEY.test(apiSecret))
    return [error("apiKey", "swapped", "The API key and the API secret seem to be swapped.")];
  // A colon would end the key early in the header that carries both.
  if (apiKey.includes(":"))
    return [error("apiKey", "wrong_form", "The API key holds a colon, which none has.")];
  return [];
}

function fieldErrors(field: Field, value: string): FieldError[] {
  const name = NAMES[field];
  if (value.trim() === "") return [error(field, "empty", `${name} is empty.`)];
  if (value !== value.trim())
    return [error(field, "whitespace", `${name} begins or ends with a space or a line break: remove it.`)];
  if (QUOTES.test(value)) return [error(field, "quoted", `${name} is in quotation marks: remove them.`)];
  if (/\s/.test(value)) return [error(field, "whitespace", `${name} holds a space or a line break.`)];
  if (!PRINTABLE.test(value))
    return [error(field, "wrong_form", `${name} holds characters that no key of mParticle has.`)];
  return [];
}

function error(field: Field, code: string, message: string): FieldError {
  return { pointer: `/${field}`, code, message };
}
