import { isTooDeep, MAX_JSON_DEPTH } from "../../../shared/core/json-depth.ts";
import { hasDuplicateKey } from "../../../shared/core/json-keys.ts";
import { UsageError } from "../../start/usage-error.ts";

/**
 * The value of JSON text, refused where two readers would see two documents in it and where it nests too deep, as by the API.
 *
 * @param name - Of the text, for the message, which quotes nothing of it.
 * @param isNone - What is said of text that is no JSON.
 * @throws {UsageError}
 */
export function readJson(text: string, name: string, isNone: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the text, which may hold keys.
    throw new UsageError(isNone);
  }
  if (isTooDeep(value)) throw new UsageError(`${name}: it nests deeper than ${MAX_JSON_DEPTH}`);
  if (hasDuplicateKey(text)) throw new UsageError(`${name}: an object has two fields with one name`);
  return value;
}
