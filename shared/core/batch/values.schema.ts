/** The value types that mParticle's batch format is made of. */
import * as z from "zod";

/** mParticle reads numbers and booleans as text wherever it expects text. */
export const Text = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Of any size: mParticle's own ids are 64 bits long, past the safe integers that `z.int()` would demand. */
export const Integer = z.number().multipleOf(1).nullable();

export const Decimal = z.number().nullable();

export const Flag = z.boolean().nullable();

/** 8-4-4-4-12 hexadecimal digits of any version and case. */
export const Uuid = z.guid().nullable();

/** Attributes, flags, identities of partners: names of the sender's choice. */
export const TextMap = z.record(z.string(), Text);

/** One value or a list of them. */
export const TextOrList = z.union([Text, z.array(Text)]);

/** Gives each field of an object the same optional value. */
export function optionalFields<const Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  value: Value,
): Record<Name, z.ZodOptional<Value>> {
  return Object.fromEntries(names.map((name) => [name, value.optional()])) as Record<
    Name,
    z.ZodOptional<Value>
  >;
}
