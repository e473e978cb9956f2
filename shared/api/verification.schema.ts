/** What a test of a feed's keys against mParticle found. */
import * as z from "zod";
import { InstantSchema } from "./common.schema.ts";

export const VerificationOutcomeSchema = z
  .enum(["accepted", "refused", "throttled", "unavailable", "unexpected"])
  .meta({
    description:
      "accepted: mParticle took a test batch. refused: it does not know, or not allow, these keys. throttled, unavailable, " +
      "unexpected: nothing can be said about the keys.",
  });

export const VerificationSchema = z
  .object({
    outcome: VerificationOutcomeSchema,
    checkedAt: InstantSchema,
    summary: z.string().meta({ description: "In plain words." }),
    advice: z.string().meta({ description: "What to do next." }),
    screen: z.string().optional().meta({
      description: "The screen of mParticle's web platform to open.",
      example: "Setup > Inputs > Feeds",
    }),
    caveats: z.array(z.string()).meta({ description: "What this test cannot tell." }),
  })
  .meta({ id: "Verification", description: "A test of keys against mParticle, by a development batch." });

export type Verification = z.output<typeof VerificationSchema>;
export type VerificationOutcome = z.output<typeof VerificationOutcomeSchema>;
