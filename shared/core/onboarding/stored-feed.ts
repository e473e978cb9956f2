import type { FeedRecord } from "./record.schema.ts";

/**
 * A feed as the table has it, whether it can be read or not: what it takes to remove it, or to give it other settings. What is of
 * another form than it should be counts as absent.
 */
export interface StoredFeed {
  readonly feedId: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly revision?: string;
  readonly createdAt?: string;
  readonly isDeleting: boolean;
  /** A change of its keys that may be under way. */
  readonly rotation?: Pick<NonNullable<FeedRecord["rotation"]>, "untilMs"> | undefined;
  /** Of all keys that may be claimed for it. */
  readonly keyHashes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

export function storedFeedOf(feedId: string, fields: Fields): StoredFeed {
  const { revision, createdAt, isDeleting } = fields;
  const credentials = fieldsOf(fields["credentials"]);
  const rotation = fieldsOf(fields["rotation"]);
  const keys = [credentials, fieldsOf(credentials["previous"]), fieldsOf(rotation["intended"])];
  const { untilMs } = rotation;
  return {
    feedId,
    fields,
    ...(typeof revision === "string" && { revision }),
    ...(typeof createdAt === "string" && { createdAt }),
    isDeleting: isDeleting !== undefined && isDeleting !== false,
    ...(typeof untilMs === "number" && { rotation: { untilMs } }),
    keyHashes: keys.map(({ keyHash }) => keyHash).filter((hash) => typeof hash === "string"),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
