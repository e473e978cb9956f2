/** The environment variables of the onboarding-api function; `infra/` must set exactly these. */
import { z } from "zod";

export const OnboardingApiEnvSchema = z.object({
  /** Name of the stage; in `local` alone, whose emulator tells of no caller, the caller named by the request is believed. */
  STAGE: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  /** Which of API Gateway's authorizers stands before the function. */
  AUTHORIZER: z.enum(["iam", "jwt"]).default("iam"),
  /** Days between the request to delete a tenant and its removal. */
  GRACE_DAYS: z.number().min(0).max(90).default(7),
});

export type OnboardingApiEnv = z.output<typeof OnboardingApiEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type OnboardingApiEnvVars = { [Name in keyof z.input<typeof OnboardingApiEnvSchema>]: string };
