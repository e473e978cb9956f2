import type { AskedFeed } from "./connect-link.ts";

/** Names of a feed's fields in the form. */
export interface FieldNames {
  readonly key: string;
  readonly secret: string;
}

export function fieldNames({ place }: Pick<AskedFeed, "place">): FieldNames {
  return { key: `key-${place}`, secret: `secret-${place}` };
}
