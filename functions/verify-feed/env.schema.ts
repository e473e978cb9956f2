/** The environment variables of the verify-feed function; `infra/` must set exactly these. */
import * as z from "zod";

export const VerifyFeedEnvSchema = z.object({
  /** Name of the stage; `local` alone may point the partner URL at loopback. */
  STAGE: z.string().min(1),
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  SECRET_PREFIX: z.string().min(1),
  /** Base URL of the partner host, without a trailing slash. */
  PARTNER_URL: z.string().min(1),
  /** Milliseconds that mParticle may take to answer a test. */
  PROOF_TIMEOUT_MS: z.int().min(50).max(10_000).default(8_000),
});

export type VerifyFeedEnv = z.output<typeof VerifyFeedEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type VerifyFeedEnvVars = { [Name in keyof z.input<typeof VerifyFeedEnvSchema>]: string };
