/** One-time links by which a customer enters keys. */
import * as z from "zod";
import { noneTwice } from "./checks/none-twice.ts";
import { FeedIdParam, InstantSchema, LinkIdParam, NextCursorSchema, TenantIdParam } from "./common.schema.ts";

/** Hours that a link is valid: three days unless said otherwise, two weeks at most. */
export const DEFAULT_LINK_HOURS = 72;
export const MAX_LINK_HOURS = 336;

export const ConnectLinkInputSchema = z
  .strictObject({
    feedIds: z
      .array(FeedIdParam)
      .min(1)
      .max(20)
      .refine(...noneTwice("a feed"))
      .meta({
        description: "The feeds whose keys the page asks for, each one that there is already.",
        uniqueItems: true,
        example: ["default"],
      }),
    expiresInHours: z.int().min(1).max(MAX_LINK_HOURS).default(DEFAULT_LINK_HOURS),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/)
      .optional()
      .meta({ description: "In which the page speaks, where it can.", example: "en" }),
  })
  .meta({ id: "ConnectLinkRequest" });

const link = {
  linkId: LinkIdParam,
  tenantId: TenantIdParam,
  feedIds: z.array(FeedIdParam),
  createdAt: InstantSchema,
  expiresAt: InstantSchema,
};

export const ConnectLinkSchema = z
  .object({
    ...link,
    status: z.enum(["open", "used", "revoked", "expired", "exhausted"]).meta({
      description:
        "`exhausted`: keys were sent 25 times without all being stored. The customer needs help, and then another link.",
    }),
    usedAt: InstantSchema.optional(),
    revokedAt: InstantSchema.optional(),
  })
  .meta({ id: "ConnectLink", description: "Without its token, which nobody can be told twice." });

export const NewConnectLinkSchema = z
  .object({
    ...link,
    status: z.literal("open"),
    url: z.string().meta({
      description: "To be sent to the customer. Whoever has it can store keys, once: it is a secret.",
      example: "https://connect.example.com/connect/9o2ZBpBrgLxlcQvJZKdHhd0GXO9kGqkUq8k8k2lGv3I",
    }),
    token: z.string().meta({ description: "The last part of `url`: 256 random bits.", readOnly: true }),
  })
  .meta({ id: "NewConnectLink" });

export const ConnectLinkPageSchema = z
  .object({
    links: z.array(ConnectLinkSchema),
    unreadable: z.array(LinkIdParam).optional().meta({
      description: "Ids of links whose stored form is none that this release knows. They can be revoked.",
    }),
    next: NextCursorSchema,
  })
  .meta({ id: "ConnectLinkPage" });

export type ConnectLinkInput = z.output<typeof ConnectLinkInputSchema>;
export type ConnectLinkAnswer = z.output<typeof ConnectLinkSchema>;
export type NewConnectLink = z.output<typeof NewConnectLinkSchema>;
