/** Who a batch is about: identities, attributes, consent. */
import * as z from "zod";
import { IDENTITY_TYPES } from "./names.ts";
import { Flag, Integer, optionalFields, Text, TextMap } from "./values.schema.ts";

export const UserIdentitiesSchema = z.strictObject(optionalFields(IDENTITY_TYPES, Text));

/** By registered name, `PartnerName_IdentityName`. */
export const PartnerIdentitiesSchema = TextMap;

/** One identity as it was before or after a change. */
export const UserIdentitySchema = z.strictObject({
  identity_type: z.enum(IDENTITY_TYPES),
  identity: Text,
  timestamp_unixtime_ms: Integer,
  created_this_batch: Flag.optional(),
});

const ConsentPurposeSchema = z.strictObject({
  /** Under `ccpa`, true means that the user opted *out* of the sale of data. */
  consented: Flag,
  timestamp_unixtime_ms: Integer,
  ...optionalFields(["document", "location", "hardware_id", "regulation"], Text),
});

/** By purpose. `ccpa` knows one, `data_sale_opt_out`. */
const ConsentPurposesSchema = z.record(z.string(), ConsentPurposeSchema.nullable());

export const ConsentStateSchema = z.strictObject({
  gdpr: ConsentPurposesSchema.optional(),
  ccpa: ConsentPurposesSchema.optional(),
});

export type IdentityType = (typeof IDENTITY_TYPES)[number];
export type UserIdentities = z.infer<typeof UserIdentitiesSchema>;
export type PartnerIdentities = z.infer<typeof PartnerIdentitiesSchema>;
export type UserIdentity = z.infer<typeof UserIdentitySchema>;
export type ConsentPurpose = z.infer<typeof ConsentPurposeSchema>;
export type ConsentState = z.infer<typeof ConsentStateSchema>;
