/** What lies in the bucket, rejected or held: counts and ids, never an event. */
import * as z from "zod";
import {
  CodeSchema,
  CountSchema,
  CursorSchema,
  FeedFilterParam,
  HourSchema,
  InstantParam,
  InstantSchema,
  NextCursorSchema,
} from "./common.schema.ts";

/** Of the ids of each count. */
export const MAX_MESSAGE_IDS = 10;

export const ParkedQuerySchema = z.strictObject({
  from: InstantParam.meta({ description: "Instant of parking, included." }),
  to: InstantParam.meta({ description: "Instant of parking, not included." }),
  feedId: FeedFilterParam,
  code: z.string().min(1).max(64).optional().meta({ description: "Reason or cause. Absent: any." }),
  cursor: CursorSchema.optional(),
});

const count = {
  feedId: z.string().optional().meta({ description: "Absent: the feed could not be told." }),
  hour: HourSchema.meta({ description: "In which they were parked." }),
  events: CountSchema,
  messageIds: z
    .array(z.string())
    .max(MAX_MESSAGE_IDS)
    .meta({ description: "Ids of SQS messages that carried some of them." }),
};

const page = {
  next: NextCursorSchema,
  unreadable: CountSchema.meta({ description: "Objects that could not be read; the log has them." }),
};

export const RejectedPageSchema = z
  .object({
    counts: z.array(z.object({ code: CodeSchema.meta({ description: "Of the first reason." }), ...count })),
    ...page,
  })
  .meta({
    id: "RejectedPage",
    description: "Of one stretch of time; the next page goes on with the time after it.",
  });

export const HeldPageSchema = z
  .object({
    counts: z.array(z.object({ cause: CodeSchema.meta({ example: "feed_paused" }), ...count })),
    ...page,
  })
  .meta({
    id: "HeldPage",
    description: "Of one stretch of time; the next page goes on with the time after it.",
  });

export const ReplayInputSchema = z
  .strictObject({
    from: InstantParam.meta({ description: "Instant of parking, included." }),
    to: InstantParam.meta({ description: "Instant of parking, not included." }),
    feedId: FeedFilterParam,
    codes: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(50)
      .optional()
      .meta({ description: "Codes of an event's first reason. Absent: any." }),
  })
  .meta({ id: "ReplayRequest" });

export const ReplayAnswerSchema = z
  .object({
    events: CountSchema.meta({ description: "Events that are back on the queue." }),
    failures: CountSchema.meta({ description: "Objects with which something went wrong; the log has them." }),
    continueFrom: InstantSchema.optional().meta({
      description: "Present while there is more: to be sent as `from` of the next request.",
    }),
  })
  .meta({ id: "ReplayAnswer", description: "Of as much work as fits into one request." });

export type ParkedQuery = z.output<typeof ParkedQuerySchema>;
export type RejectedPage = z.output<typeof RejectedPageSchema>;
export type HeldPage = z.output<typeof HeldPageSchema>;
export type ReplayInput = z.output<typeof ReplayInputSchema>;
export type ReplayAnswerBody = z.output<typeof ReplayAnswerSchema>;
