import * as z from "zod";
import type { CredentialsInputSchema } from "../../../shared/api/credentials.schema.ts";
import { UsageError } from "../../start/usage-error.ts";
import { askHidden, isPresent, type Person } from "../terminal/ask.ts";
import { readAll } from "./read-all.ts";
import { readJson } from "./read-json.ts";

export interface Keys {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Texts only: what is wrong with them otherwise, the API says better. */
const KeysSchema = z.strictObject({ apiKey: z.string(), apiSecret: z.string() }) satisfies z.ZodType<
  z.input<typeof CredentialsInputSchema>
>;

/** Asks for a feed's keys on a terminal, hidden; else reads them from standard input. */
export async function readKeys(person: Person): Promise<Keys> {
  if (!person.input.isTTY) return keysIn(await readAll(person.input, person.interrupted));
  if (!isPresent(person)) throw new UsageError("nobody can be asked here: pass the keys by standard input");
  const [apiKey = "", apiSecret = ""] = await askHidden(["API key: ", "API secret: "], person);
  return { apiKey, apiSecret };
}

/**
 * `{"apiKey", "apiSecret"}`, or two lines: key, then secret.
 *
 * @throws {UsageError} Never quoting anything of the text.
 */
export function keysIn(given: string): Keys {
  const keys = given.trimStart().startsWith("{") ? keysInJson(given) : keysInLines(given);
  if (keys) return keys;
  throw new UsageError(
    'standard input must hold {"apiKey": "…", "apiSecret": "…"}, or two lines: key, then secret',
  );
}

function keysInJson(content: string): Keys | undefined {
  try {
    return KeysSchema.safeParse(readJson(content, "keys", "no JSON")).data;
  } catch {
    return undefined;
  }
}

/** Blank lines may follow: editors and password managers leave some. */
function keysInLines(content: string): Keys | undefined {
  const [apiKey, apiSecret, ...more] = content.replace(/\r?\n$/, "").split(/\r?\n/);
  if (apiKey === undefined || apiSecret === undefined || more.join("").trim() !== "") return undefined;
  return { apiKey, apiSecret };
}
