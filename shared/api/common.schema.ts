/** What the schemas of the onboarding API have in common. */
import * as z from "zod";

/**
 * Ids in paths: as in the message contract, but none begins with a dot. `.` and `..` would be steps in a path. No id has a
 * character that a path must encode, so a `%` in a path is never an id.
 */
const PATH_ID = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$/;

export const TenantIdParam = z
  .string()
  .regex(PATH_ID)
  .meta({ description: "The partner's customer.", example: "acme-mail" });

export const FeedIdParam = z
  .string()
  .regex(PATH_ID)
  .meta({ description: "One of the tenant's feeds.", example: "default" });

/** Of a listing, which is about one feed only. */
export const FeedFilterParam = FeedIdParam.optional().meta({
  description:
    "One feed only: one that the tenant has or had, or of which there are events in what is asked for. Any other is answered 404.",
  example: "default",
});

export const LinkIdParam = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16}$/)
  .meta({ description: "A connect link. Not its token.", example: "Zm9vYmFyYmF6cXV4" });

/** An instant of UTC, ISO 8601. */
export const InstantSchema = z.iso.datetime({ precision: 3 }).meta({ example: "2026-11-24T03:00:00.000Z" });

/** An instant as a caller gives it: seconds and their fractions may be left out. */
export const InstantParam = z.iso.datetime().meta({ example: "2026-11-24T03:00:00Z" });

/** An hour of UTC as the ledger counts by it. */
export const HourSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}$/)
  .meta({ description: "An hour of UTC.", example: "2026-11-24T03" });

/** Where a list goes on. */
export const CursorSchema = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[A-Za-z0-9_-]+$/)
  .meta({ description: "Of the page before: where this one begins. To be passed back as it is." });

export const NextCursorSchema = z
  .string()
  .optional()
  .meta({ description: "Present while there is more: the cursor of the next page." });

/** How many entries of a list. */
export const LimitParam = z
  .int()
  .min(1)
  .max(100)
  .default(50)
  .meta({ description: "Most entries of the answer." });

/** Codes of reasons, findings and causes. */
export const CodeSchema = z.string().meta({ example: "event_invalid" });

export const CountSchema = z.int().min(0);
