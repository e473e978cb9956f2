/** The environment variables of the onboarding-api function; `infra/` must set exactly these. */
import * as z from "zod";

export const OnboardingApiEnvSchema = z.object({
  /** Name of the stage; in `local` alone, whose emulator tells of no caller, the caller named by the request is believed. */
  STAGE: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  /** Which of API Gateway's authorizers stands before the function. */
  AUTHORIZER: z.enum(["iam", "jwt"]).default("iam"),
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  SECRET_PREFIX: z.string().min(1),
  /** Encrypts new secrets; empty: the account's own key of Secrets Manager does. */
  SECRET_KEY_ARN: z.string().default(""),
  /** Days until a deleted secret is gone. */
  SECRET_RECOVERY_DAYS: z.int().min(7).max(30).default(30),
  /** Base URL of the partner host, without a trailing slash. */
  PARTNER_URL: z.string().min(1),
  /** Milliseconds that mParticle may take to answer a test of keys; two such attempts fit into what API Gateway waits. */
  PROOF_TIMEOUT_MS: z.int().min(50).max(10_000).default(8_000),
  BUCKET_NAME: z.string().min(1),
  /** Names of the functions that test stored keys, and that replay. */
  VERIFY_FEED_FUNCTION: z.string().min(1),
  REPLAY_REJECTED_FUNCTION: z.string().min(1),
  /** `PartnerName_IdentityName` as the deliver-events functions have it; empty: no partner identity is sent. */
  PARTNER_IDENTITY: z.string().default(""),
  /** Where the connect page is, without a slash at the end; empty: where the API is. */
  CONNECT_URL: z.string().default(""),
  /** Days between the request to delete a tenant and its removal: what is under way when it begins has ended by then. */
  GRACE_DAYS: z.number().min(1).max(90).default(7),
});

export type OnboardingApiEnv = z.output<typeof OnboardingApiEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type OnboardingApiEnvVars = { [Name in keyof z.input<typeof OnboardingApiEnvSchema>]: string };
