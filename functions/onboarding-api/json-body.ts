import { isTooDeep, MAX_JSON_DEPTH } from "../../shared/core/json-depth.ts";
import { hasDuplicateKey } from "../../shared/core/json-keys.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";

export interface RawBody {
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
}

/**
 * The JSON value of a body. What can be read in two ways (a name that occurs twice, bytes that are no UTF-8, half a character) is
 * refused: two readers would see two documents.
 *
 * @throws {ProblemError} which never quotes the body.
 */
export function readJsonBody(raw: RawBody, maxBytes: number): unknown {
  const bytes = Buffer.from(raw.body ?? "", raw.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > maxBytes) throw new ProblemError("too_large", `The body may have ${maxBytes} bytes.`);
  if (!isJsonType(raw.contentType) || !["", "identity"].includes(raw.contentEncoding?.toLowerCase() ?? ""))
    throw new ProblemError(
      "unsupported_media_type",
      "Send the body as application/json, in UTF-8, without a content encoding.",
    );
  const text = decoded(bytes);
  const value = parsed(text);
  if (isTooDeep(value)) throw new ProblemError("not_json", `The body nests deeper than ${MAX_JSON_DEPTH}.`);
  checkTexts(value);
  if (hasDuplicateKey(text)) throw new ProblemError("not_json", "An object has two fields with one name.");
  return value;
}

function isJsonType(contentType = ""): boolean {
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const others = parameters.filter((part) => part !== "" && !/^charset="?utf-?8"?$/.test(part));
  return type === "application/json" && others.length === 0;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError("not_json", "The body is not UTF-8.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new ProblemError("not_json", text === "" ? "The body is empty." : "The body is not valid JSON.");
  }
}

/** Of a value that is not too deep. */
function checkTexts(value: unknown): void {
  if (typeof value === "string" && !value.isWellFormed())
    throw new ProblemError("not_json", "A text holds half a character: a lone surrogate.");
  if (typeof value !== "object" || value === null) return;
  for (const [name, entry] of Object.entries(value)) {
    checkTexts(name);
    checkTexts(entry);
  }
}

/**
 * The place of a field named `__proto__`: readers and writers of objects treat it in different ways, so that it would get lost on its
 * way, and others with it. Undefined: there is none.
 */
export function prototypeField(value: unknown): string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, entry] of Object.entries(value)) {
    const below = name === "__proto__" ? [] : prototypeField(entry);
    if (below) return [name, ...below];
  }
  return undefined;
}
