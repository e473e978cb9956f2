/** The environment variables of the onboarding-upkeep function; `infra/` must set exactly these. */
import * as z from "zod";

export const OnboardingUpkeepEnvSchema = z.object({
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  SECRET_PREFIX: z.string().min(1),
  /** Days until a deleted secret is gone. */
  SECRET_RECOVERY_DAYS: z.int().min(7).max(30).default(30),
});

export type OnboardingUpkeepEnv = z.output<typeof OnboardingUpkeepEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type OnboardingUpkeepEnvVars = { [Name in keyof z.input<typeof OnboardingUpkeepEnvSchema>]: string };
