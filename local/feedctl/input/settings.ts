import type { z } from "zod";

/** Of a document, the fields that can be set. */
export function settingsIn(schema: z.ZodObject, document: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([name]) => Object.hasOwn(schema.shape, name)));
}
