/**
 * mParticle's limits for server-to-server input, with a margin where its documentation is ambiguous.
 *
 * @see https://docs.mparticle.com/guides/default-service-limits/
 * @see https://docs.mparticle.com/developers/apis/http/
 */

/** UTF-8 bytes of a whole bulk body. Documented as 256 KB: below 256 000, so safe whether KB means 1000 or 1024. */
export const MAX_REQUEST_BYTES = 250_000;

/** UTF-8 bytes of one batch. Documented as 128 KB. */
export const MAX_BATCH_BYTES = 125_000;

/** Batches in one bulk request. */
export const MAX_BATCHES_PER_REQUEST = 100;

/** Attributes of one event: 100, less the one named "mParticle Source Feed" that mParticle adds itself. */
export const MAX_EVENT_ATTRIBUTES = 99;

/** User attributes in one batch. */
export const MAX_USER_ATTRIBUTES = 100;

/** UTF-16 units of an event, screen or attribute name. */
export const MAX_NAME_LENGTH = 256;

/** UTF-16 units of an event or user attribute's text. */
export const MAX_VALUE_LENGTH = 4096;

/** Entries of a list attribute. */
export const MAX_LIST_ENTRIES = 1000;

/** UTF-16 units of one entry of a list attribute. */
export const MAX_LIST_ENTRY_LENGTH = 512;

/** UTF-8 bytes of one identity. mParticle documents none; a longer one is a mistake at the source. */
export const MAX_IDENTITY_BYTES = 256;

/** Age below which an event makes mParticle skip the whole historical batch that holds it. */
export const MIN_HISTORICAL_AGE_MS = 72 * 3_600_000;

/** Days after which mParticle asks for the historical path. */
export const MAX_LIVE_AGE_DAYS = 30;

/** SQS: bytes of one message, and of all messages in one SendMessageBatch. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** SQS: entries in one batch call. */
export const MAX_QUEUE_ENTRIES = 10;
