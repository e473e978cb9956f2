/**
 * Compiles the zod schemas that the Lambda function checks against to plain JavaScript, ahead of time: interpreting zod
 * costs about as much CPU per event as all of the conversion, and its import alone a quarter of a cold start.
 *
 * zod schema -> plain schema -> `shared/core/compiled/validators.js`, with its types beside it. Runs after `npm ci`
 * and before every script that needs its output; the code calls it through `shared/core/validators.ts`. Also packs the connect
 * page's style sheet and script.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { CheckLedgerEnvSchema } from "../functions/check-ledger/env.schema.ts";
import { BrandSchema } from "../functions/connect-page/brand.schema.ts";
import { ConnectPageEnvSchema } from "../functions/connect-page/env.schema.ts";
import { DeliverEventsEnvSchema } from "../functions/deliver-events/env.schema.ts";
import { OnboardingApiEnvSchema } from "../functions/onboarding-api/env.schema.ts";
import { OnboardingUpkeepEnvSchema } from "../functions/onboarding-upkeep/env.schema.ts";
import { ReleaseHeldEnvSchema } from "../functions/release-held/env.schema.ts";
import { ReplayRejectedEnvSchema } from "../functions/replay-rejected/env.schema.ts";
import { VerifyFeedEnvSchema } from "../functions/verify-feed/env.schema.ts";
import { AuditEntrySchema } from "../shared/api/audit.schema.ts";
import { BatchSchema } from "../shared/core/batch.schema.ts";
import { CredentialsRefusedSchema } from "../shared/core/credentials-refused.schema.ts";
import { FeedChangedSchema } from "../shared/core/feed-changed.schema.ts";
import { FlowStateSchema } from "../shared/core/flow/flow-state.schema.ts";
import {
  EventSchema,
  FrozenMessageSchema,
  MessageSchema,
  RequeuedSchema,
} from "../shared/core/message.schema.ts";
import { LinkRecordSchema } from "../shared/core/onboarding/link-record.schema.ts";
import {
  ArchivedMappingSchema,
  FeedRecordSchema,
  TenantRecordSchema,
} from "../shared/core/onboarding/record.schema.ts";
import { ParkedLineSchema } from "../shared/core/parked-line.schema.ts";
import type { PlainSchema } from "../shared/core/plain-schema.ts";
import { ReplayRequestSchema } from "../shared/core/replay-request.schema.ts";
import { CredentialsSchema, FeedSchema, TenantSchema } from "../shared/core/tenant.schema.ts";
import { VerifyRequestSchema } from "../shared/core/verify-request.schema.ts";
import { checkCode } from "./compile/check-code.ts";
import { compilePageAssets } from "./compile/page-assets.ts";
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
  tenantRecord: plainSchemaOf(TenantRecordSchema),
  feedRecord: plainSchemaOf(FeedRecordSchema),
  archivedMapping: plainSchemaOf(ArchivedMappingSchema),
  linkRecord: plainSchemaOf(LinkRecordSchema),
  auditEntry: plainSchemaOf(AuditEntrySchema),
  connectPageEnv: plainSchemaOf(ConnectPageEnvSchema),
  brand: plainSchemaOf(BrandSchema),
  onboardingApiEnv: plainSchemaOf(OnboardingApiEnvSchema),
  onboardingUpkeepEnv: plainSchemaOf(OnboardingUpkeepEnvSchema),
  credentialsRefused: plainSchemaOf(CredentialsRefusedSchema),
  verifyFeedEnv: plainSchemaOf(VerifyFeedEnvSchema),
  verifyRequest: plainSchemaOf(VerifyRequestSchema),
};

/** Of a schema, what completing a value asks: of which type it is, its default and its fields. */
function completionOf({ type, default: value, properties, additionalProperties }: PlainSchema): PlainSchema {
  const isClosed = additionalProperties === false;
  // Of an object that keeps all that it is given, only what is completed has to be known.
  const fields = Object.entries(properties ?? {})
    .map(([name, field]) => [name, completionOf(field)] as const)
    .filter(([, field]) => !isClosed || field.default !== undefined || field.properties);
  return {
    ...(type && { type }),
    ...(value !== undefined && { default: value }),
    ...(properties && { properties: Object.fromEntries(fields) }),
    ...(isClosed && { additionalProperties }),
  };
}

const directory = new URL("../shared/core/compiled/", import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(new URL("validators.js", directory), `${checkCode({ ...checked, ...completed })}\n`);
// One export each, so that a bundle has only those that its function completes by.
writeFileSync(
  new URL("schemas.js", directory),
  Object.entries(completed)
    .map(([name, schema]) => `export const ${name} = ${JSON.stringify(completionOf(schema))};\n`)
    .join(""),
);
writeFileSync(
  new URL("validators.d.ts", directory),
  `import type { Problem } from "../problem.ts";
type Check = (value: unknown) => Problem | undefined;
export const ${Object.keys({ ...checked, ...completed }).join(": Check;\nexport const ")}: Check;
`,
);
writeFileSync(
  new URL("schemas.d.ts", directory),
  `import type { PlainSchema } from "../plain-schema.ts";
export const ${Object.keys(completed).join(": PlainSchema;\nexport const ")}: PlainSchema;
`,
);

// The onboarding function serves it, without the library that makes it. Packed: read at every cold start, asked for seldom.
const openApi = brotliCompressSync(JSON.stringify(openApiDocument())).toString("base64");
writeFileSync(new URL("openapi.js", directory), `export const openApiBrotli = "${openApi}";\n`);
writeFileSync(new URL("openapi.d.ts", directory), "export const openApiBrotli: string;\n");

await compilePageAssets();
