import type { Credentials } from "../../shared/core/tenant.schema.ts";
import { fieldName } from "./form-fields.ts";
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
  const names = feeds.map((_, i) => fieldName(i));
  const known = new Set(names.flatMap(({ key, secret }) => [key, secret]));
  if ([...form.keys()].some((name) => !known.has(name))) return undefined;
  const value = (name: string | undefined) => form.get(name ?? "")?.trim() ?? "";
  return new Map(
    feeds.flatMap(({ feedId, isStored }, i) =>
      // A page in another tab may still have the fields of a feed that is stored by now.
      isStored
        ? []
        : [[feedId, { apiKey: value(names[i]?.key), apiSecret: value(names[i]?.secret) }] as const],
    ),
  );
}
