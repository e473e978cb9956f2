/**
 * Compiles the zod schemas that the Lambda function checks against to plain JavaScript, ahead of time: interpreting zod
 * costs about as much CPU per event as all of the conversion, and its import alone a quarter of a cold start.
 *
 * zod schema -> plain schema -> `shared/core/compiled/validators.js`, with its types beside it. Runs after `npm ci`
 * and before every script that needs its output; the code calls it through `shared/core/validators.ts`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { CheckLedgerEnvSchema } from "../functions/check-ledger/env.schema.ts";
import { DeliverEventsEnvSchema } from "../functions/deliver-events/env.schema.ts";
import { OnboardingApiEnvSchema } from "../functions/onboarding-api/env.schema.ts";
import { ReleaseHeldEnvSchema } from "../functions/release-held/env.schema.ts";
import { ReplayRejectedEnvSchema } from "../functions/replay-rejected/env.schema.ts";
import { ReplayRequestSchema } from "../functions/replay-rejected/request.schema.ts";
import { VerifyFeedEnvSchema } from "../functions/verify-feed/env.schema.ts";
import { VerifyRequestSchema } from "../functions/verify-feed/request.schema.ts";
import { BatchSchema } from "../shared/core/batch.schema.ts";
import { FeedChangedSchema } from "../shared/core/feed-changed.schema.ts";
import { FlowStateSchema } from "../shared/core/flow/flow-state.schema.ts";
import {
  EventSchema,
  FrozenMessageSchema,
  MessageSchema,
  RequeuedSchema,
} from "../shared/core/message.schema.ts";
import { ParkedLineSchema } from "../shared/core/parked-line.schema.ts";
import { CredentialsSchema, FeedSchema, TenantSchema } from "../shared/core/tenant.schema.ts";
import { checkCode } from "./compile/check-code.ts";
import { plainSchemaOf } from "./compile/plain-schema-of.ts";
import { openApiDocument } from "./openapi/document.ts";

/** Checked as they are. */
const checked = {
  message: plainSchemaOf(MessageSchema),
  frozenMessage: plainSchemaOf(FrozenMessageSchema),
  requeued: plainSchemaOf(RequeuedSchema),
  flowState: plainSchemaOf(FlowStateSchema),
  event: plainSchemaOf(EventSchema),
  batch: plainSchemaOf(BatchSchema),
  parkedLine: plainSchemaOf(ParkedLineSchema),
};

/** Completed with defaults, then checked: their schemas are needed at run time too. */
const completed = {
  tenant: plainSchemaOf(TenantSchema),
  feed: plainSchemaOf(FeedSchema),
  credentials: plainSchemaOf(CredentialsSchema),
  deliverEventsEnv: plainSchemaOf(DeliverEventsEnvSchema),
  releaseHeldEnv: plainSchemaOf(ReleaseHeldEnvSchema),
  replayRejectedEnv: plainSchemaOf(ReplayRejectedEnvSchema),
  replayRequest: plainSchemaOf(ReplayRequestSchema),
  feedChanged: plainSchemaOf(FeedChangedSchema),
  checkLedgerEnv: plainSchemaOf(CheckLedgerEnvSchema),
  onboardingApiEnv: plainSchemaOf(OnboardingApiEnvSchema),
  verifyFeedEnv: plainSchemaOf(VerifyFeedEnvSchema),
  verifyRequest: plainSchemaOf(VerifyRequestSchema),
};

const directory = new URL("../shared/core/compiled/", import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(
  new URL("validators.js", directory),
  [
    checkCode({ ...checked, ...completed }),
    // Each by itself: a function's bundle leaves out those of the others.
    ...Object.entries(completed).map(
      ([name, schema]) => `export const ${name}Schema = ${JSON.stringify(schema)};\n`,
    ),
  ].join("\n"),
);
writeFileSync(
  new URL("validators.d.ts", directory),
  `import type { PlainSchema } from "../plain-schema.ts";
import type { Problem } from "../problem.ts";
type Check = (value: unknown) => Problem | undefined;
export const ${Object.keys({ ...checked, ...completed }).join(": Check;\nexport const ")}: Check;
export const ${Object.keys(completed).join("Schema: PlainSchema;\nexport const ")}Schema: PlainSchema;
`,
);

// The onboarding function serves it, without the library that makes it.
writeFileSync(
  new URL("openapi.js", directory),
  `export const openApiText = ${JSON.stringify(JSON.stringify(openApiDocument()))};\n`,
);
writeFileSync(new URL("openapi.d.ts", directory), "export const openApiText: string;\n");
