import type { ConnectLinkAnswer, NewConnectLink } from "../../../shared/api/connect-link.schema.ts";
import { formatFields } from "../terminal/field-list.ts";
import type { Paper, Style } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { shownInstant } from "./instant.ts";

const STYLES: Readonly<Record<ConnectLinkAnswer["status"], Style>> = {
  open: "green",
  used: "dim",
  revoked: "dim",
  expired: "dim",
  exhausted: "yellow",
};

export function showNewLink(link: NewConnectLink, paper: Paper): string {
  return formatFields(
    [
      ["link", link.url, "bold"],
      ["id", link.linkId],
      ["feeds", link.feedIds.join(", ")],
      ["expires", shownInstant(link.expiresAt)],
    ],
    paper,
  );
}

export function showLinks({ links }: { readonly links: readonly ConnectLinkAnswer[] }, paper: Paper): string {
  if (links.length === 0) return "no links\n";
  return formatTable<ConnectLinkAnswer>(
    [
      { title: "id", value: ({ linkId }) => linkId },
      { title: "status", value: ({ status }) => status, style: ({ status }) => STYLES[status] },
      { title: "created", value: ({ createdAt }) => shownInstant(createdAt) },
      { title: "expires", value: ({ expiresAt }) => shownInstant(expiresAt) },
      { title: "used or revoked", value: ({ usedAt, revokedAt }) => shownInstant(usedAt ?? revokedAt) },
      { title: "feeds", value: ({ feedIds }) => feedIds.join(", "), isProse: true },
    ],
    links,
    paper,
  );
}
