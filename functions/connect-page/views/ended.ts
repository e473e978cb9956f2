import type { ConnectLink } from "../connect-link.ts";
import type { PageContext } from "../page-context.ts";
import { notice } from "./notice.ts";
import type { View } from "./page.ts";
import { time } from "./time.ts";

/** A link that cannot be used, or not any more: why, and what to do. */
export function ended(
  link: Exclude<ConnectLink, { readonly state: "open" }>,
  { brand, language, messages }: PageContext,
): View {
  const said = messages[link.state];
  const lead =
    link.state === "used" ? messages.used.lead(time(link.usedAtMs, language)) : messages[link.state].lead;
  return notice(said.title, [lead, said.next(brand.name)]);
}
