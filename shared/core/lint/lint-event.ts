import { isObject } from "../convert/reader.ts";
import type { Finding } from "../finding.ts";
import type { PartnerEvent } from "../message.schema.ts";
import type { Feed } from "../tenant.schema.ts";
import { lintFinding } from "./lint-finding.ts";

/** What an event says to no effect, which its batch therefore cannot tell. In previews only. */
export function lintEvent(event: PartnerEvent, { mapping }: Feed): Finding[] {
  if (event.type === "batch" || mapping.nullTraits === "delete") return [];
  const context = isObject(event["context"]) ? event["context"] : {};
  const places = [
    ["traits", event["traits"]],
    ["context.traits", context["traits"]],
  ] as const;
  for (const [path, traits] of places)
    if (isObject(traits) && Object.values(traits).includes(null))
      return [lintFinding("trait_null_ignored", path)];
  return [];
}
