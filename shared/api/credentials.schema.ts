/** A feed's keys: they go in, and never out. */
import * as z from "zod";
import { MAX_KEY_LENGTH } from "../core/onboarding/credential-format.ts";
import { StoredCredentialsSchema } from "./feed.schema.ts";
import { VerificationSchema } from "./verification.schema.ts";

/** What is empty, quoted, swapped or the like is a `credentials_malformed`, with an advice of its own. */
export const CredentialsInputSchema = z
  .strictObject({
    apiKey: z.string().max(MAX_KEY_LENGTH).meta({ description: "The feed's API key.", writeOnly: true }),
    apiSecret: z
      .string()
      .max(MAX_KEY_LENGTH)
      .meta({ description: "The feed's API secret.", writeOnly: true }),
  })
  .meta({
    id: "Credentials",
    description: "Shown by mParticle when the feed is created: Setup > Inputs > Feeds.",
  });

export const CredentialsAnswerSchema = z
  .object({
    credentials: StoredCredentialsSchema,
    verification: VerificationSchema,
  })
  .meta({ id: "CredentialsAnswer" });

export const VerifyAnswerSchema = z.object({ verification: VerificationSchema }).meta({ id: "VerifyAnswer" });

export type CredentialsInput = z.output<typeof CredentialsInputSchema>;
export type CredentialsAnswer = z.output<typeof CredentialsAnswerSchema>;
