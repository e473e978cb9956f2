import { expect, it } from "vitest";
import { fieldErrors, pointer } from "../../../functions/onboarding-api/field-errors.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";

const model = (over: object) => ({ eventType: "custom_event", ...over });
const many = (count: number, made: (i: number) => [string, unknown]) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => made(i)));
const LONG_NAME = `a.${"x".repeat(98)}`;

it.each<[string, object, string, string]>([
  ["a list where text belongs", { consent: { path: [] } }, "/consent/path", "must be text"],
  ["a list in a list of names", { audiences: { known: [[]] } }, "/audiences/known/0", "must be text"],
  ["text where a list belongs", { mapping: { rules: "" } }, "/mapping/rules", "must be a list"],
  [
    "a misspelt name that is required",
    { rows: { m: { eventtype: "custom_event" } } },
    "/rows/m/eventtype",
    "is not documented: did you mean eventType?",
  ],
  [
    "a purpose whose consent is misspelt",
    { consent: { state: { gdpr: { m: { consentd: "x" } } } } },
    "/consent/state/gdpr/m/consentd",
    "is not documented: did you mean consented?",
  ],
  [
    "a purpose without its consent",
    { consent: { state: { gdpr: { m: {} } } } },
    "/consent/state/gdpr/m/consented",
    "is required",
  ],
  [
    "too many models, one of them wrong",
    { rows: many(102, (i) => [`m${i}`, model({ fields: { a: "x..y" } })]) },
    "/rows",
    "must not have more than 100 models",
  ],
  [
    "a mapping that is too long, and has too many fields",
    { mapping: { userAttributes: many(600, (i) => [`a${i}`, "x".repeat(250)]) } },
    "/mapping",
    "must not be longer than 100000 bytes as JSON",
  ],
  [
    "a wrong place in a model and field of dotted names",
    { rows: { "a.b": model({ fields: { "c.d": "x..y" } }) } },
    "/rows/a.b/fields/c.d",
    "must be a place such as properties.total or properties.products[0].name",
  ],
  [
    "a wrong place in a purpose of a dotted name",
    { consent: { state: { gdpr: { "m.n": { consented: "a..b" } } } } },
    "/consent/state/gdpr/m.n/consented",
    "must be a place such as properties.total or properties.products[0].name",
  ],
  [
    "a long name",
    { mapping: { userAttributes: { [LONG_NAME]: "x..y" } } },
    `/mapping/userAttributes/${LONG_NAME}`,
    "must be a place such as properties.total or properties.products[0].name",
  ],
  [
    "an unknown field beside join",
    { mapping: { ip: { key: "a", convert: { join: ",", foo: 1 } } } },
    "/mapping/ip/convert/foo",
    "is not documented: known here are join",
  ],
  [
    "a conversion as an object",
    { mapping: { ip: { key: "a", convert: { hash: "sha256" } } } },
    "/mapping/ip/convert",
    'must be one of string, number, integer, boolean, lower, trim, epoch_ms, sha256 or {"join": text}',
  ],
  [
    "a conversion as an object in a list",
    { mapping: { ip: { key: "a", convert: ["lower", { hash: "sha256" }] } } },
    "/mapping/ip/convert/1",
    'must be one of string, number, integer, boolean, lower, trim, epoch_ms, sha256 or {"join": text}',
  ],
  [
    "a join that is none",
    { mapping: { ip: { key: "a", convert: { join: 1 } } } },
    "/mapping/ip/convert/join",
    "must be text",
  ],
  [
    "the consent of a value, as walkerOS has it",
    { mapping: { userAttributes: { plan: { key: "a", consent: { marketing: true } } } } },
    "/mapping/userAttributes/plan/consent",
    "is no part of a value: without which consent an event is not sent, say the feed's consent settings",
  ],
  [
    "a consent beside its purpose",
    { consent: { state: { ccpa: { consented: "a" } } } },
    "/consent/state/ccpa/consented",
    "is not documented here: it is a field of data_sale_opt_out",
  ],
  [
    "an identity outside of its section",
    { mapping: { customer_id: "userId" } },
    "/mapping/customer_id",
    "is not documented here: it is a field of userIdentities",
  ],
  [
    "too many conversions",
    { mapping: { ip: { key: "a", convert: Array.from({ length: 9 }, () => "lower") } } },
    "/mapping/ip/convert",
    "must have at most 8 entries",
  ],
  [
    "a source request id that is always the same, converted",
    { mapping: { sourceRequestId: { value: "x", convert: "lower" } } },
    "/mapping/sourceRequestId",
    "must come from the event: mParticle takes an id once",
  ],
  [
    "a source request id of constants",
    { mapping: { sourceRequestId: [{ value: "x" }] } },
    "/mapping/sourceRequestId",
    "must come from the event: mParticle takes an id once",
  ],
])("%s is one mistake and gets one error", (_, settings, place, message) => {
  const result = FeedSettingsSchema.safeParse(settings);

  const errors = fieldErrors(FeedSettingsSchema, result.error?.issues ?? [], settings, (path) => ({
    pointer: pointer(path),
  }));

  expect(errors.map((error) => [error.pointer, error.message])).toEqual([[place, message]]);
});
