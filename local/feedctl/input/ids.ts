import type { z } from "zod";
import { FeedIdParam, LinkIdParam, TenantIdParam } from "../../../shared/api/common.schema.ts";
import { MappingVersionParam } from "../../../shared/api/mapping.schema.ts";
import { UsageError } from "../../start/usage-error.ts";

export const tenantId = idOf(
  "tenant",
  TenantIdParam,
  '1 to 64 letters, digits, "_", "." and "-", no dot first',
);
export const feedId = idOf("feed", FeedIdParam, '1 to 64 letters, digits, "_", "." and "-", no dot first');
export const linkId = idOf(
  "link",
  LinkIdParam,
  "16 characters, as links list shows it; the link itself is none",
);

export const mappingVersion = idOf("mapping", MappingVersionParam, "its version: a whole number from 1");

/** Collects an option's values over its occurrences. */
export function each<Value>(parse: (text: string) => Value) {
  return (text: string, before: readonly Value[] = []): Value[] => [...before, parse(text)];
}

/** An id is not quoted when it is wrong: it may be a key in the wrong place. */
function idOf(name: string, schema: z.ZodType<string>, form: string) {
  return (text: string): string => {
    if (schema.safeParse(text).success) return text;
    throw new UsageError(`the ${name}'s id must be ${form}`);
  };
}
