/** Tenants as the API takes and gives them. */
import * as z from "zod";
import { InstantSchema, NextCursorSchema, TenantIdParam } from "./common.schema.ts";

const BLOCKED_EVENTS = "Names of track events, or call types such as `page`, that are never sent.";

export const TenantSettingsSchema = z
  .strictObject({
    blockedEvents: z
      .array(z.string().min(1).max(256))
      .max(500)
      .default([])
      .meta({ description: BLOCKED_EVENTS, example: ["page"] }),
  })
  .meta({
    id: "TenantSettings",
    description: "What can be set of a tenant. What is left out takes its default.",
  });

export const TenantAnswerSchema = z
  .object({
    tenantId: TenantIdParam,
    status: z.enum(["active", "paused", "deleting"]).meta({
      description: "Events of a tenant that is paused or deleting are held.",
    }),
    blockedEvents: z.array(z.string()).meta({ description: BLOCKED_EVENTS }),
    createdAt: InstantSchema.optional(),
    updatedAt: InstantSchema.optional(),
    deleteAfter: InstantSchema.optional().meta({
      description: "Of a tenant that is deleting: when it, its feeds and its keys will be gone.",
    }),
  })
  .meta({ id: "Tenant" });

export const TenantPageSchema = z
  .object({
    tenants: z.array(TenantAnswerSchema),
    unreadable: z
      .array(z.object({ tenantId: TenantIdParam, problem: z.string() }))
      .optional()
      .meta({
        description:
          "Tenants whose stored form is none that this release knows, and what is wrong with them. Set them anew; until then their events may be held.",
      }),
    next: NextCursorSchema,
  })
  .meta({ id: "TenantPage" });

export type TenantList = Omit<z.output<typeof TenantPageSchema>, "next">;
export type TenantSettings = z.output<typeof TenantSettingsSchema>;
export type TenantAnswer = z.output<typeof TenantAnswerSchema>;
