import { describe, expect, it } from "vitest";
import { checkBody } from "../../../functions/onboarding-api/check-body.ts";
import { readJsonBody } from "../../../functions/onboarding-api/json-body.ts";
import { parseOptions } from "../../../local/start/options.ts";
import { readTenants } from "../../../local/start/read-tenants.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { WRONG, WRONG_COMMERCE } from "../../core/mapping/wrong-documents.ts";
import { file } from "./support.ts";

const FEED = { feedId: "default", apiKey: "acme-key", apiSecret: "acme-secret" };

const FEED_STATUSES = "pending, active, paused, credentials_refused";
const EQUAL_KEYS = "The API secret is the same as the API key: copy the other one of the two.";

/** What is said of a file with this text, after its name. */
function refusalOfText(text: string): string {
  const path = file(text);
  try {
    readTenants({ tenants: path });
  } catch (error) {
    return (error as Error).message.replace(`--tenants: ${path}`, "").trim();
  }
  return "";
}

/** Reads a file of one tenant whose second feed has these fields; what is said of it, after its place. */
function refusalOf(fields: object): string {
  const path = file(
    JSON.stringify([{ tenantId: "acme", feeds: [FEED, { ...FEED, feedId: "web", ...fields }] }]),
  );
  const options = parseOptions(["--tenants", path]);
  if (options === "help") throw new Error("These options only ask for help");
  const place = `--tenants: ${path} [0].feeds[1]: `;
  try {
    readTenants(options);
  } catch (error) {
    const { message } = error as Error;
    expect(message.startsWith(place)).toBe(true);
    return message.slice(place.length);
  }
  return "";
}

/** What the API says of the same. */
function apiRefusalOf(settings: object): string {
  const checked = checkBody(FeedSettingsSchema, settings);
  const errors = "errors" in checked ? checked.errors : [];
  return errors.map(({ pointer = "", message }) => `${pointer.slice(1)} ${message}`).join("; ");
}

describe("a file of tenants", () => {
  it("that nests very deep is refused before it is read", () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const refusal = refusalOfText(`[{"tenantId":"acme","feeds":[{"mapping":{"ip":${deep}}}]}]`);

    expect(refusal).toBe(": it nests deeper than 64");
  });

  it.each([
    ...WRONG.map(([what, mapping]) => [what, mapping] as const),
    ...WRONG_COMMERCE.map(([what, commerce]) => [what, { rules: [{ event: "A", commerce }] }] as const),
  ])("whose mapping has %s is refused in the words of the API", (_, mapping) => {
    const refusal = refusalOf({ mapping });

    expect(refusal).not.toBe("");
    expect(refusal).toBe(apiRefusalOf({ mapping }));
  });

  it.each([
    { mappings: {} },
    { platfroms: [] },
    { limit: { eventsPerRequest: 1 } },
    { environment: "live" },
    { kind: "partnr" },
  ])("says of %j what the API says", (settings) => {
    expect(refusalOf(settings)).toBe(apiRefusalOf(settings));
    expect(refusalOf(settings)).not.toBe("");
  });

  it.each([
    [
      [{ tenantId: "acme", feeds: [FEED], statuss: "x" }],
      "[0]: statuss is not documented: did you mean status?",
    ],
    [[{ tenantId: "acme", feeds: [FEED], status: "gone" }], "[0]: status must be one of active, paused"],
    [[{ tenantId: "a/b", feeds: [FEED] }], "[0]: tenantId is not of the documented form"],
    [[{ tenantId: "acme" }], "[0]: feeds is required"],
    [[{ tenantId: "acme", feeds: [7] }], "[0].feeds[0]: must be an object"],
    [[7], "[0]: must be an object"],
    [{}, "must hold a JSON array of tenants"],
    [
      [{ tenantId: "acme", feeds: [{ ...FEED, kind: 1, pod: 1 }] }, { feeds: [] }],
      "[0].feeds[0]: kind must be one of partner, custom; pod must be one of us1, us2, eu1, au1; [1]: tenantId is required",
    ],
    [[{ tenantId: "acme", feeds: [FEED, FEED] }], "holds the feed acme/default twice"],
  ])("says where %j is wrong", (document, refusal) => {
    expect(refusalOfText(JSON.stringify(document))).toBe(refusal);
  });

  it("that two readers would read in two ways is refused, as by the API", () => {
    const twice = `[{"tenantId":"acme","feeds":[{"feedId":"default","apiKey":"k","apiSecret":"s","apiSecret":"t"}]}]`;

    expect(refusalOfText(twice)).toBe(": an object has two fields with one name");
    expect(() =>
      readJsonBody({ body: twice, isBase64Encoded: false, contentType: "application/json" }, 1_000),
    ).toThrow("An object has two fields with one name.");
  });

  it("that is no JSON is refused without being quoted", () => {
    expect(refusalOfText('[{"apiKey":"secret-words"')).toBe("is not JSON");
  });

  it("names the place of a feed, and the one in it", () => {
    expect(refusalOf({ mapping: { rules: [{ event: " " }] } })).toBe(
      "mapping/rules/0/event must not be blank",
    );
  });

  it.each([
    [
      "limits",
      { limits: { eventsPerRequests: 1 } },
      "limits/eventsPerRequests is not documented: did you mean eventsPerRequest?",
    ],
    [
      "two mistakes",
      { kind: "own", audiences: 1 },
      "kind must be one of partner, custom; audiences must be an object",
    ],
    ["a misspelt setting", { platfroms: [] }, "platfroms is not documented: did you mean platforms?"],
    ["a status", { status: "pausd" }, `status must be one of ${FEED_STATUSES}: did you mean paused?`],
    ["a key of another type", { apiKey: 5 }, "apiKey must be text"],
    [
      "a key that is pasted with quotes",
      { apiKey: '"k"' },
      "The API key is in quotation marks: remove them.",
    ],
    ["equal keys", { apiKey: "k", apiSecret: "k" }, EQUAL_KEYS],
    ["a name of two lines", { rows: { "a\nb": 1 } }, "rows/a b must be an object"],
    [
      "a name that no field may have",
      JSON.parse('{"rows":{"__proto__":{}}}'),
      "rows/__proto__ is a name that no field may have",
    ],
  ])("says in one line what is wrong with %s", (_, fields, refusal) => {
    expect(refusalOf(fields)).toBe(refusal);
  });

  it.each([
    ["a status", { status: "paused" }],
    ["the environment", { environment: "production" }],
    ["a refused version of the secret", { refusedSecretVersion: "v-1" }],
  ])("may have %s", (_, fields) => {
    expect(refusalOf(fields)).toBe("");
  });
});
