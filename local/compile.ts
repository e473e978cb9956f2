/**
 * Compiles the zod schemas that the Lambda function checks against to plain JavaScript, ahead of time: interpreting zod
 * costs about as much CPU per event as all of the conversion, and its import alone a quarter of a cold start.
 *
 * zod schema -> plain schema -> `shared/core/compiled/validators.js`, with its types beside it. Runs after `npm ci`
 * and before every script that needs its output; the code calls it through `shared/core/validators.ts`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { DeliverEventsEnvSchema } from "../functions/deliver-events/env.schema.ts";
import { BatchSchema } from "../shared/core/batch.schema.ts";
import {
  EventSchema,
  FrozenMessageSchema,
  MessageSchema,
  RequeuedSchema,
} from "../shared/core/message.schema.ts";
import { CredentialsSchema, FeedSchema, TenantSchema } from "../shared/core/tenant.schema.ts";
import { checkCode } from "./compile/check-code.ts";
import { plainSchemaOf } from "./compile/plain-schema-of.ts";

/** Checked as they are. */
const checked = {
  message: plainSchemaOf(MessageSchema),
  frozenMessage: plainSchemaOf(FrozenMessageSchema),
  requeued: plainSchemaOf(RequeuedSchema),
  event: plainSchemaOf(EventSchema),
  batch: plainSchemaOf(BatchSchema),
};

/** Completed with defaults, then checked: their schemas are needed at run time too. */
const completed = {
  tenant: plainSchemaOf(TenantSchema),
  feed: plainSchemaOf(FeedSchema),
  credentials: plainSchemaOf(CredentialsSchema),
  deliverEventsEnv: plainSchemaOf(DeliverEventsEnvSchema),
};

const directory = new URL("../shared/core/compiled/", import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(
  new URL("validators.js", directory),
  `${checkCode({ ...checked, ...completed })}\nexport const schemas = ${JSON.stringify(completed)};\n`,
);
writeFileSync(
  new URL("validators.d.ts", directory),
  `import type { PlainSchema } from "../plain-schema.ts";
import type { Problem } from "../problem.ts";
type Check = (value: unknown) => Problem | undefined;
export const ${Object.keys({ ...checked, ...completed }).join(": Check;\nexport const ")}: Check;
export const schemas: { ${Object.keys(completed).join(": PlainSchema; ")}: PlainSchema };
`,
);
