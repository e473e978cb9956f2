import type { z } from "zod";
import type { MappingVersionSchema } from "../../../shared/api/mapping.schema.ts";
import type { Paper } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { shownInstant } from "./instant.ts";

type Version = z.output<typeof MappingVersionSchema>;

export function showMappings({ mappings }: { readonly mappings: readonly Version[] }, paper: Paper): string {
  return formatTable<Version>(
    [
      { title: "version", value: ({ version }) => String(version) },
      { title: "since", value: ({ since }) => shownInstant(since) },
      { title: "", value: ({ isCurrent }) => (isCurrent ? "current" : "") },
    ],
    mappings,
    paper,
  );
}
