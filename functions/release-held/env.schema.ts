/** The environment variables of the release-held function; `infra/` must set exactly these. */
import * as z from "zod";
import { DEFAULT_FLOW_SETTINGS } from "../../shared/core/flow/flow-settings.ts";

export const ReleaseHeldEnvSchema = z.object({
  /** The queue of live events. */
  QUEUE_URL: z.string().min(1),
  BACKFILL_QUEUE_URL: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  SECRET_PREFIX: z.string().min(1),
  /** As the deliver-events functions have it. */
  INITIAL_RATE: z.number().min(1).default(DEFAULT_FLOW_SETTINGS.initialRate),
  /** As the deliver-events functions have it. */
  BACKFILL_SHARE: z.number().min(0).max(1).default(DEFAULT_FLOW_SETTINGS.backfillShare),
});

export type ReleaseHeldEnv = z.output<typeof ReleaseHeldEnvSchema>;
/** What the deployment must provide: every variable without a default, all of them text. */
export type ReleaseHeldEnvVars = { [Name in keyof z.input<typeof ReleaseHeldEnvSchema>]: string };
