import * as z from "zod";
import { action } from "./action.ts";
import { page, pageFields } from "./paging.ts";
import { commonDescription, type Secret, versionIdsToStages } from "./secret.ts";

const FilterSchema = z.object({
  Key: z.enum(["name", "description", "tag-key", "tag-value", "all"]),
  Values: z.array(z.string().min(1)).min(1).max(10),
});

type Filter = z.output<typeof FilterSchema>;

export const listSecrets = action(
  z.object({
    Filters: z.array(FilterSchema).max(10).default([]),
    IncludePlannedDeletion: z.boolean().optional(),
    SortOrder: z.enum(["asc", "desc"]).optional(),
    ...pageFields,
  }),
  (input, store) => {
    const found = store
      .all()
      .filter(({ deletionAtMs }) => input.IncludePlannedDeletion === true || deletionAtMs === undefined)
      .filter((secret) => input.Filters.every((filter) => matches(secret, filter)));
    const { items, NextToken } = page(input.SortOrder === "desc" ? found.toReversed() : found, input);
    return {
      SecretList: items.map((secret) => ({
        ...commonDescription(secret),
        SecretVersionsToStages: versionIdsToStages(secret),
      })),
      ...(NextToken && { NextToken }),
    };
  },
);

/** Any of the values is enough; one that starts with `!` excludes what the rest of it matches. */
function matches(secret: Secret, { Key, Values }: Filter): boolean {
  return Values.some((value) =>
    value.startsWith("!") ? !matchesValue(secret, Key, value.slice(1)) : matchesValue(secret, Key, value),
  );
}

function matchesValue(secret: Secret, key: Filter["Key"], value: string): boolean {
  const description = secret.description ?? "";
  switch (key) {
    case "name":
      return secret.name.startsWith(value);
    case "description":
      return description.toLowerCase().startsWith(value.toLowerCase());
    case "tag-key":
      return [...secret.tags.keys()].some((tag) => tag.startsWith(value));
    case "tag-value":
      return [...secret.tags.values()].some((tag) => tag.startsWith(value));
    case "all": {
      const text = [secret.name, description, ...[...secret.tags].flat()].join("\n").toLowerCase();
      return value
        .toLowerCase()
        .split(/\s+/)
        .every((word) => text.includes(word));
    }
  }
}
