/** What would become of events, without sending any. */
import * as z from "zod";
import { ModeSchema } from "../core/message.schema.ts";
import { InstantParam } from "./common.schema.ts";
import { FeedSettingsSchema } from "./feed.schema.ts";
import { RemarksSchema } from "./remark.schema.ts";

export const MAX_PREVIEW_EVENTS = 100;

const asked = {
  events: z
    .array(z.unknown())
    .min(1)
    .max(MAX_PREVIEW_EVENTS)
    .meta({ description: "Events of the message contract. One that is none is answered as rejected." }),
  mode: ModeSchema.optional(),
  sentAt: InstantParam.optional().meta({
    description: "The time of sending, which events have that name none. Absent: now.",
  }),
};

export const StoredFeedPreviewInputSchema = z
  .strictObject(asked)
  .meta({ id: "StoredFeedPreviewRequest", description: "For the feed as it is stored." });

export const PreviewInputSchema = z
  .strictObject({
    feed: FeedSettingsSchema.prefault({}),
    blockedEvents: z.array(z.string().min(1).max(256)).max(500).default([]),
    ...asked,
  })
  .meta({ id: "PreviewRequest", description: "For a feed that need not be stored." });

const FindingAnswerSchema = z
  .object({
    code: z.string(),
    severity: z.string(),
    path: z.string().optional(),
    message: z.string().optional(),
    documentation: z
      .string()
      .optional()
      .meta({ description: "Where the code is explained, from the project's root." }),
  })
  .meta({ id: "Finding", description: "Something worth knowing about one event or batch." });

export const PreviewAnswerSchema = z
  .object({
    events: z.array(
      z.object({
        ending: z.enum(["delivered", "filtered", "rejected"]).meta({
          description: "What would become of it; delivered, if mParticle accepts its batch.",
        }),
        messageId: z.string().optional().meta({
          description:
            "As sent: the event's own, or else a hash of its content; a row's is that of its row. Absent: it is no object.",
        }),
        mappingRule: z.string().optional().meta({
          description:
            "Rule of the feed's mapping, or of its preset, that names the event: its label or place.",
          example: "rules[2]",
        }),
        rule: z.string().optional().meta({ description: "Of a filtered event: what says no to it." }),
        why: z.string().optional().meta({ description: "The same in a sentence." }),
        batches: z
          .array(z.int().min(0))
          .meta({ description: "Positions, in `batches`, of those that it is part of." }),
        findings: z.array(FindingAnswerSchema),
      }),
    ),
    batches: z.array(
      z.object({
        route: z.enum(["live", "historical"]),
        reason: z.string().meta({ description: "Why it takes this route." }),
        bytes: CountOf("Of the batch as it would be sent."),
        events: CountOf("Events inside; 0 for a profile update."),
        batch: z.record(z.string(), z.unknown()).meta({ description: "In mParticle's format." }),
        findings: z.array(FindingAnswerSchema).meta({
          description:
            "What mParticle would drop without a word, keep apart, or make less of than its sender thinks. Paths are places in the batch.",
        }),
      }),
    ),
    remarks: RemarksSchema,
  })
  .meta({ id: "Preview" });

function CountOf(description: string) {
  return z.int().min(0).meta({ description });
}

export type PreviewInput = z.output<typeof PreviewInputSchema>;
export type StoredFeedPreviewInput = z.output<typeof StoredFeedPreviewInputSchema>;
export type PreviewAnswer = z.output<typeof PreviewAnswerSchema>;
