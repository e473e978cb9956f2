/** The event by which the connector tells that mParticle refused a feed's keys; it comes from the table by a pipe (ADR 6). */
import * as z from "zod";
import { FeedIdSchema } from "./message.schema.ts";

export const CredentialsRefusedSchema = z.object({
  /** Partition of the feed's item: `tenant#<tenantId>`. */
  tenant: z.string().regex(/^tenant#[A-Za-z0-9_.-]{1,64}$/),
  feedId: FeedIdSchema,
  refusedSecretVersion: z.string(),
});

export type CredentialsRefused = z.output<typeof CredentialsRefusedSchema>;
