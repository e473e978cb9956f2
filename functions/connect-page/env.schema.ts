/** The environment variables of the connect-page function; `infra/` must set exactly these. */
import * as z from "zod";

export const ConnectPageEnvSchema = z.object({
  /** Name of the stage; `local` alone may point the partner URL at loopback. */
  STAGE: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  SECRET_PREFIX: z.string().min(1),
  /** Encrypts new secrets; empty: the account's own key of Secrets Manager does. */
  SECRET_KEY_ARN: z.string().default(""),
  /** Base URL of the partner host, without a trailing slash. */
  PARTNER_URL: z.string().min(1),
  /** Milliseconds that mParticle may take to answer a test of keys; two such attempts fit into what API Gateway waits. */
  PROOF_TIMEOUT_MS: z.int().min(50).max(10_000).default(8_000),
  /** What the page looks like, as JSON; see `brand.schema.ts`. */
  BRAND: z.string().min(1),
});

export type ConnectPageEnv = z.output<typeof ConnectPageEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type ConnectPageEnvVars = { [Name in keyof z.input<typeof ConnectPageEnvSchema>]: string };
