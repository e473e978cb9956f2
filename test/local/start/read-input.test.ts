import { describe, expect, it } from "vitest";
import { checkBody } from "../../../functions/onboarding-api/check-body.ts";
import { parseOptions } from "../../../local/start/options.ts";
import { readTenants } from "../../../local/start/read-input.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { WRONG, WRONG_COMMERCE } from "../../core/mapping/wrong-documents.ts";
import { file } from "./support.ts";

const FEED = { feedId: "default", apiKey: "acme-key", apiSecret: "acme-secret" };

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
  it.each([
    ...WRONG.map(([what, mapping]) => [what, mapping] as const),
    ...WRONG_COMMERCE.map(([what, commerce]) => [what, { rules: [{ event: "A", commerce }] }] as const),
  ])("whose mapping has %s is refused in the words of the API", (_, mapping) => {
    const refusal = refusalOf({ mapping });

    expect(refusal).not.toBe("");
    expect(refusal).toBe(apiRefusalOf({ mapping }));
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
    ["a misspelt setting", { platfroms: [] }, '"platfroms" is no setting of a feed: did you mean platforms?'],
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
