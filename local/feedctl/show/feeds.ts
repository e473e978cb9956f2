import type { FeedAnswer, FeedList, ListedFeed, StoredCredentials } from "../../../shared/api/feed.schema.ts";
import { settingsOf } from "../../../shared/api/feed-settings.ts";
import { type Field, formatFields } from "../terminal/field-list.ts";
import type { Paper, Style } from "../terminal/paper.ts";
import { formatTable } from "../terminal/table.ts";
import { shownInstant } from "./instant.ts";
import { leaves } from "./leaves.ts";

const STYLES: Readonly<Record<FeedAnswer["status"], Style>> = {
  active: "green",
  pending: "yellow",
  paused: "yellow",
  credentials_refused: "red",
  deleting: "red",
};

/** Settings are named as `feeds set` takes them. */
export function showFeed(feed: FeedAnswer, paper: Paper): string {
  return formatFields(
    [
      ["tenant", feed.tenantId],
      ["feed", feed.feedId],
      ["status", feed.status, STYLES[feed.status]],
      ["environment", feed.environment],
      ...leaves(settingsOf(feed)),
      ["mapping version", String(feed.mappingVersion)],
      ...(feed.credentials ? keysFields(feed.credentials) : [["keys", "none"] as const]),
      ["created", shownInstant(feed.createdAt)],
      ["updated", shownInstant(feed.updatedAt)],
    ],
    paper,
  );
}

export function showFeeds({ feeds, unreadable = [] }: FeedList, paper: Paper): string {
  const broken = unreadable.map(
    ({ feedId, problem }) => `${paper.paint("red", feedId)} cannot be read: ${problem}\n`,
  );
  if (feeds.length === 0) return broken.join("") || "no feeds\n";
  const table = formatTable<ListedFeed>(
    [
      { title: "feed", value: ({ feedId }) => feedId },
      { title: "status", value: ({ status }) => status, style: ({ status }) => STYLES[status] },
      { title: "environment", value: ({ environment }) => environment },
      { title: "kind", value: ({ kind, pod }) => (kind === "custom" ? `custom, ${pod}` : kind) },
      { title: "keys", value: keysOf },
      { title: "platforms", value: ({ platforms }) => platforms.join(", "), isProse: true },
    ],
    feeds,
    paper,
  );
  return table + broken.join("");
}

/** What the latest test of them found; a feed's own page has the rest. */
function keysOf({ credentials }: ListedFeed): string {
  return credentials ? (credentials.verification?.outcome ?? "not tested") : "none";
}

/** What is told of keys: fingerprints and dates. */
export function keysFields({ fingerprint, storedAt, verification, previous }: StoredCredentials): Field[] {
  return [
    ["keys", `${fingerprint}, stored ${shownInstant(storedAt)}`],
    ["latest test", verification && `${verification.outcome}, ${shownInstant(verification.checkedAt)}`],
    ["previous keys", previous && `${previous.fingerprint}, stored ${shownInstant(previous.storedAt)}`],
  ];
}
