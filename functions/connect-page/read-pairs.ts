import type { Credentials } from "../../shared/core/tenant.schema.ts";
import { fieldNames } from "./form-fields.ts";
import type { ReservedFeed } from "./ports.ts";

/**
 * The key pairs of a form, by feed. White space around a value is left out: it comes with copying, and nobody sees it in a field.
 *
 * @returns undefined: the form has a field that is none of these feeds'.
 */
export function readPairs(
  form: ReadonlyMap<string, string>,
  feeds: readonly ReservedFeed[],
): ReadonlyMap<string, Credentials> | undefined {
  const known = new Set(feeds.map(fieldNames).flatMap(({ key, secret }) => [key, secret]));
  if ([...form.keys()].some((name) => !known.has(name))) return undefined;
  const value = (name: string) => form.get(name)?.trim() ?? "";
  return new Map(
    feeds
      // A page in another tab may still have the fields of a feed that is stored by now.
      .filter(({ isStored }) => !isStored)
      .map((feed) => {
        const { key, secret } = fieldNames(feed);
        return [feed.feedId, { apiKey: value(key), apiSecret: value(secret) }];
      }),
  );
}
