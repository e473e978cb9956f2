import { describe, expect, it } from "vitest";
import { remarksOf } from "../../../functions/onboarding-api/remarks/remarks.ts";
import { FeedSettingsSchema } from "../../../shared/api/feed.schema.ts";
import { scopeOf } from "../../../shared/core/mapping/compile-value.ts";
import { MappingSchema } from "../../../shared/core/mapping/mapping.schema.ts";
import { compileMapping } from "../../../shared/core/mapping/plan.ts";
import type { PartnerEvent } from "../../../shared/core/message.schema.ts";
import { action } from "../../core/mapping/wrong-documents.ts";

function remarked(document: unknown): string[] {
  return remarksOf({ mapping: MappingSchema.parse(document) }).map(
    ({ pointer, message }) => `${pointer} ${message}`,
  );
}

const unreached = (...rules: unknown[]) => remarked({ rules });
const REST = { event: "Other", ignore: true };

describe("remarks tell of a rule that is never reached, since one before it", () => {
  it.each<[string, object, object]>([
    ["has its name, in another case", { event: "Order Done" }, { event: " order done" }],
    ["says nothing at all", {}, { event: "A" }],
    ["says nothing, as it does itself", {}, {}],
    ["means all calls of its type", { type: "page", ignore: true }, { type: "page", event: "Home" }],
    ["means calls of any type", { type: "any" }, { type: "identify" }],
    ["begins its name", { event: { prefix: "order" } }, { event: "Order Done" }],
    ["begins its beginning", { event: { prefix: "order" } }, { event: { prefix: "Order d" } }],
    ["begins its pattern", { event: { prefix: "order" } }, { event: { pattern: "order *done" } }],
    ["has a pattern of its name", { event: { pattern: "order ?one" } }, { event: "Order Done" }],
    [
      "has an open pattern of its beginning",
      { event: { pattern: "*der *" } },
      { event: { prefix: "order d" } },
    ],
    ["has a wider pattern", { event: { pattern: "o*done" } }, { event: { pattern: "or?er *done" } }],
    ["has the same pattern", { event: { pattern: "a?" } }, { event: { pattern: "A?" } }],
    [
      "has no conditions, while it has",
      { event: "A", when: [] },
      { event: "A", when: [{ key: "a", exists: true }] },
    ],
    [
      "has the same conditions",
      { event: { prefix: "a" }, when: [{ key: "a", above: 1 }] },
      { event: "A", when: [{ above: 1, key: "a" }] },
    ],
    [
      "has some of its conditions",
      { when: [{ key: "a", exists: true }] },
      {
        event: "A",
        when: [
          { key: "b", exists: true },
          { key: "a", exists: true },
        ],
      },
    ],
  ])("%s", (_, first, second) => {
    expect(unreached(REST, first, second)).toEqual([
      "/mapping/rules/2 is never reached: /mapping/rules/1 names its events first",
    ]);
  });

  it("once for all that one rule leaves nothing to", () => {
    expect(unreached({}, { event: "A" }, { type: "page" }, { event: "B" }, { event: "B" })).toEqual([
      "/mapping/rules/1 is never reached: /mapping/rules/0 names its events first, and those of 2 more after it",
    ]);
  });
});

describe("remarks are none on a rule, where one before it", () => {
  it.each<[string, object, object]>([
    ["has another name", { event: "A" }, { event: "B" }],
    ["has conditions", { event: "A", when: [{ key: "a", exists: true }] }, { event: "A" }],
    [
      "has other conditions",
      { event: "A", when: [{ key: "a", exists: true }] },
      { event: "A", when: [{ key: "a", exists: false }] },
    ],
    ["is for another type", { type: "page" }, { event: "A" }],
    ["is for one of its types", { event: "A" }, { event: "A", type: "any" }],
    ["has a name, while it has none", { event: { pattern: "*" } }, {}],
    ["has a longer beginning", { event: { prefix: "order d" } }, { event: { prefix: "order" } }],
    ["has one name of its beginning", { event: "order" }, { event: { prefix: "order" } }],
    ["has a pattern with an end", { event: { pattern: "order*d" } }, { event: { prefix: "order d" } }],
    ["has a beginning, while its pattern has none", { event: { prefix: "a" } }, { event: { pattern: "*a" } }],
    [
      "takes one character, while its star takes any",
      { event: { pattern: "a?c" } },
      { event: { pattern: "a*c" } },
    ],
  ])("%s", (_, first, second) => {
    expect(unreached(first, second)).toEqual([]);
  });

  it("is the last of all and says nothing", () => {
    expect(unreached({ event: "A" }, {})).toEqual([]);
  });

  it("has so long a pattern that it would take seconds to compare all", () => {
    const rules = Array.from({ length: 200 }, (_, i) => ({ event: { pattern: `a${i}${"*b".repeat(120)}` } }));
    const [first] = rules;

    expect(unreached(first, first)).toHaveLength(1);
    expect(unreached(...rules, first)).toEqual([]);
  });
});

describe("a rule that remarks say is never reached", () => {
  const EVENTS = ["a", "A", "ab", "abc", "abd", "b"].flatMap((event) => [
    { type: "track", event },
    { type: "page", name: event },
    { type: "identify" },
  ]) as unknown as PartnerEvent[];
  const NAMES = [
    undefined,
    "a",
    "ab",
    { prefix: "a" },
    { prefix: "ab" },
    { pattern: "a*" },
    { pattern: "*b*" },
    { pattern: "a?" },
    { pattern: "*" },
  ];
  const RULES = NAMES.flatMap((event) =>
    ["track", "page", "any"].map((type) => ({ type, ...(event !== undefined && { event }) })),
  );

  it.each(RULES.map((rule) => [JSON.stringify(rule), rule] as const))(
    "counts for no event after %s",
    (_, first) => {
      for (const second of RULES) {
        const mapping = MappingSchema.parse({
          rules: [
            { ...first, label: "1" },
            { ...second, label: "2" },
          ],
        });
        const plan = compileMapping(mapping);

        const isReached = EVENTS.some((event) => plan.ruleOf(event as never, scopeOf(event))?.label === "2");

        if (isReached) expect({ second, remarks: remarksOf({ mapping }) }).toEqual({ second, remarks: [] });
      }
    },
  );
});

describe("remarks tell", () => {
  it("of a rule for calls that have no name", () => {
    expect(unreached({ type: "identify", event: "Signed Up" })).toEqual([
      "/mapping/rules/0/event names no event: calls of type identify have no name",
    ]);
  });

  it("of names that are allowed and denied", () => {
    const document = {
      allowUserAttributes: ["plan", "internal_id"],
      denyUserAttributes: ["a", "internal_*"],
    };

    expect(remarked(document)).toEqual([
      "/mapping/allowUserAttributes/1 is not sent: /mapping/denyUserAttributes/1 denies it",
    ]);
  });

  it("of lists that leave nothing", () => {
    expect(remarked({ allowCustomAttributes: ["a", "b*"], denyCustomAttributes: ["*"] })).toEqual([
      "/mapping/allowCustomAttributes leaves no attribute to send: /mapping/denyCustomAttributes denies all of it",
    ]);
  });

  it("not of a part of what is allowed", () => {
    expect(remarked({ allowUserAttributes: ["a*"], denyUserAttributes: ["ab", "ab*"] })).toEqual([]);
  });

  it("of a word that is read as a place", () => {
    const commerce = { map: action({ action: ["properties.action", "purchase", { key: "refund" }] }) };
    const place = "/mapping/rules/0/commerce/map/product_action/map/action";

    expect(remarked({ rules: [{ event: "A", commerce }], deviceInfo: { platform: "iOS" } })).toEqual([
      '/mapping/deviceInfo/platform is read as a place: the word itself is {"value": "iOS"}',
      `${place}/1 is read as a place: the word itself is {"value": "purchase"}`,
      `${place}/2/key is read as a place: the word itself is {"value": "refund"}`,
    ]);
  });

  it("of currencies, numbers, true and false that are read as places", () => {
    const commerce = {
      map: {
        currency_code: "EUR",
        is_non_interactive: "true",
        ...action({ total_amount: ["properties.total", "1.5"] }),
      },
    };
    const says = (place: string, kind: string, value: string) =>
      `${place} is read as a place: the ${kind} itself is {"value": ${value}}`;

    expect(
      remarked({ rules: [{ event: "A", commerce }], deviceInfo: { is_tablet: "false", screen_dpi: "320" } }),
    ).toEqual([
      says("/mapping/deviceInfo/screen_dpi", "number", "320"),
      says("/mapping/deviceInfo/is_tablet", "word", "false"),
      says("/mapping/rules/0/commerce/map/currency_code", "word", '"EUR"'),
      says("/mapping/rules/0/commerce/map/is_non_interactive", "word", "true"),
      says("/mapping/rules/0/commerce/map/product_action/map/total_amount/1", "number", "1.5"),
    ]);

    const settings = FeedSettingsSchema.parse({
      kind: "custom",
      pod: "eu1",
      rows: {
        orders: {
          eventType: "commerce_event",
          fields: { currency_code: "EUR", product_quantity: "1", is_non_interactive: "false" },
        },
      },
      consent: { state: { gdpr: { ads: { consented: "true" } } } },
    });
    expect(remarksOf(settings).map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
      says("/rows/orders/fields/currency_code", "word", '"EUR"'),
      says("/rows/orders/fields/is_non_interactive", "word", "false"),
      says("/consent/state/gdpr/ads/consented", "word", "true"),
    ]);
  });

  it("of no place that may be one: three letters of no currency, the position in an element that is a list", () => {
    const products = { loop: ["properties.lines", { map: { id: "0", price: "1" } }] };
    const commerce = { map: { currency_code: "CCY", ...action({ products }) } };

    expect(remarked({ rules: [{ event: "A", commerce }] })).toEqual([]);
  });

  it("of places of the event in a loop", () => {
    const each = { map: { id: "id", currency: "properties.currency", plan: ["$.traits.plan", "traits"] } };
    const place = "/mapping/customAttributes/items/loop/1/map";
    const says = "is read from each element of the loop: a place of the event begins with $.";

    expect(remarked({ customAttributes: { items: { loop: ["properties.products", each] } } })).toEqual([
      `${place}/currency ${says}`,
      `${place}/plan/1 ${says}`,
    ]);
  });

  it.each([
    [
      { allowUserAttributes: ["plan"] },
      "/mapping/email is not sent, hashed or not: /mapping/allowUserAttributes does not name email_sha256",
    ],
    [
      { denyUserAttributes: ["a", "email*"] },
      "/mapping/email is not sent, hashed or not: /mapping/denyUserAttributes/1 denies email_sha256",
    ],
  ])("of a hashed address that is not sent: %j", (lists, remark) => {
    expect(remarked({ email: "hashed", ...lists })).toEqual([remark]);
    expect(remarked({ email: "omitted", ...lists })).toEqual([]);
    expect(remarked({ email: "hashed", allowUserAttributes: ["plan", "email_*"] })).toEqual([]);
  });

  it("of the consent state of a partner feed", () => {
    const consent = { state: { gdpr: { ads: { consented: "a" } } } };
    const settings = (kind: string) => remarksOf(FeedSettingsSchema.parse({ kind, consent }));

    expect(settings("partner")).toEqual([
      {
        pointer: "/consent/state",
        code: "consent_not_sent",
        message: "is not sent: mParticle takes consent state of custom feeds only",
      },
    ]);
    expect(settings("custom")).toEqual([]);
  });

  it("of constants that many users get", () => {
    const document = {
      userIdentities: { other: ["anonymousId", { value: "nobody" }] },
      ip: { value: "203.0.113.7" },
      sourceRequestId: { key: "id", value: "none" },
      rules: [
        { event: "A", userIdentities: { customer_id: { key: "userId", value: 0 }, email: "traits.email" } },
        { type: "identify", userIdentities: { customer_id: { value: "x" } } },
        {
          type: "any",
          when: [{ key: "userId", exists: false }],
          userIdentities: { customer_id: { value: "x" } },
        },
        { type: "any", userIdentities: { customer_id: ["userId", { value: "x" }] } },
      ],
    };

    expect(remarked(document)).toEqual([
      "/mapping/userIdentities/other/1/value is a constant: all users who have it would be one person",
      "/mapping/ip/value is a constant: all users who have it would be in one place",
      "/mapping/sourceRequestId/value is a constant: mParticle takes the first batch that has it, and no other",
      ...["0/userIdentities/customer_id", "1/userIdentities/customer_id", "2/userIdentities/customer_id"].map(
        (place) => `/mapping/rules/${place}/value is a constant: all users who have it would be one person`,
      ),
      "/mapping/rules/3/userIdentities/customer_id/1/value is a constant: all users who have it would be one person",
    ]);
  });

  it("of the same in row models", () => {
    const rows = FeedSettingsSchema.parse({
      rows: {
        orders: {
          eventType: "commerce_event",
          fields: {
            customer_id: { value: "acme" },
            product_action: "purchase",
            custom_attributes: "purchase",
          },
        },
        people: {
          eventType: "user_attributes",
          fields: { customer_id: { key: "ID", value: "nobody" } },
        },
      },
    });

    expect(remarksOf(rows).map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
      "/rows/orders/fields/customer_id/value is a constant: all users who have it would be one person",
      '/rows/orders/fields/product_action is read as a place: the word itself is {"value": "purchase"}',
      "/rows/people/fields/customer_id/value is a constant: all users who have it would be one person",
    ]);
  });

  it("of fields of rows that are misspelt", () => {
    const model = (eventType: string, fields: object) => ({ eventType, fields });
    const settings = FeedSettingsSchema.parse({
      rows: {
        orders: model("commerce_event", { product_acton: "A", curency_code: "B", product_size: "C" }),
        people: model("user_attributes", { county: "A", fristName: "B", other_id_11: "C", email: "D" }),
        all: model("screen_view", { custmer_id: "A", mobile_numer: null, phone_numbr_2: "C" }),
      },
    });

    expect(remarksOf(settings).map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
      "/rows/orders/fields/product_acton is sent as an attribute: did you mean product_action?",
      "/rows/orders/fields/curency_code is sent as an attribute: did you mean currency_code?",
      "/rows/people/fields/fristName is sent as an attribute: did you mean first_name?",
      "/rows/all/fields/custmer_id is sent as an attribute: did you mean customer_id?",
      "/rows/all/fields/mobile_numer is an attribute that is not sent: did you mean mobile_number?",
      "/rows/all/fields/phone_numbr_2 is sent as an attribute: did you mean phone_number_2?",
    ]);
  });

  it.each<[unknown, string]>([
    ["Order *", ' is an exact name: with * for any text it is {"pattern": "Order *"}'],
    ["*", ' is an exact name: with * for any text it is {"pattern": "*"}'],
    [
      { prefix: "Order*" },
      '/prefix is a beginning, as it stands: with * for any text it is {"pattern": "Order*"}',
    ],
    ...["/^Order/", "^Order", "Order.*"].map((name): [string, string] => [
      name,
      ' is no regular expression: * is any text, ? any character, as in {"pattern": "Order *"}',
    ]),
    [
      { pattern: "^Order" },
      '/pattern is no regular expression: * is any text, ? any character, as in {"pattern": "Order *"}',
    ],
  ])("of the event %j, which is no pattern", (event, said) => {
    expect(remarked({ rules: [{ event, ignore: true }] })).toEqual([`/mapping/rules/0/event${said}`]);
  });

  it.each([
    "Ready?",
    "Rated 5*",
    "Cost in $",
    "/shop/",
    "/products/[id]/",
    { prefix: "order (" },
    { pattern: "/shop/*/" },
    { pattern: "v1.*" },
  ])("nothing of the event %j", (event) => {
    expect(remarked({ rules: [{ event, ignore: true }] })).toEqual([]);
  });

  it("of places that are written as pointers, or with blanks", () => {
    const pointer = "is read as one name, slashes and all: places have dots, as in properties.total";
    const blank = "has a blank at the end of a name, which is read as part of it";
    const document = {
      customAttributes: { a: ["/properties/a", 'context[" a. b "]'], b: { key: "properties. b" } },
      rules: [
        {
          event: "A",
          name: " as it stands ",
          when: [{ key: "/a", exists: true }, { anyOf: [{ not: { key: "b ", exists: true } }] }],
        },
      ],
    };

    expect(remarked(document)).toEqual([
      `/mapping/customAttributes/a/0 ${pointer}`,
      `/mapping/customAttributes/b/key ${blank}`,
      `/mapping/rules/0/when/0/key ${pointer}`,
      `/mapping/rules/0/when/1/anyOf/0/not/key ${blank}`,
    ]);
  });

  it("of the same in consent settings, not of columns", () => {
    const settings = FeedSettingsSchema.parse({
      kind: "custom",
      consent: { path: "/context/consent", state: { gdpr: { ads: { consented: " a" } } } },
      rows: { people: { eventType: "user_attributes", fields: { email: "/BIC/MAIL", age: "AGE " } } },
    });

    expect(remarksOf(settings).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      "/consent/path place_misspelt",
      "/consent/state/gdpr/ads/consented place_misspelt",
    ]);
  });

  it("of names of attributes that have the prefix", () => {
    const names = { allowUserAttributes: ["plan", "acme_plan"], denyUserAttributes: ["acme_i*", "acme_"] };

    expect(remarked({ attributePrefix: "$acme_", ...names })).toEqual([
      "/mapping/allowUserAttributes/1 names an attribute that is sent as acme_acme_plan: names are without attributePrefix here, as plan",
      "/mapping/denyUserAttributes/0 names an attribute that is sent as acme_acme_i*: names are without attributePrefix here, as i*",
    ]);
    expect(remarked(names)).toEqual([]);
  });

  it.each<[object, string]>([
    [
      { userIdentities: { "*": null, email: null } },
      "/mapping/userIdentities names no user: events are rejected, those with the id of a device excepted",
    ],
    [
      { preset: "walkeros", rules: [{ event: "A", userIdentities: {} }] },
      "/mapping/preset names no user: events are rejected while no place of userIdentities is named",
    ],
  ])("of %j, which leaves events no user", (document, remark) => {
    expect(remarked(document)).toEqual([remark]);
  });

  it.each([
    { userIdentities: { "*": null, other: "anonymousId" } },
    { userIdentities: { "*": null }, rules: [{ event: "A", userIdentities: { email: "a" } }] },
    { userIdentities: { "*": null }, deviceInfo: { ios_idfv: "context.device.id" } },
    { preset: "walkeros", userIdentities: { other: "user.device" } },
  ])("nothing of %j, which names some", (document) => {
    expect(remarked(document)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["all traits", { userAttributes: { "*": "traits" } }, "*"],
    ["a user of walkerOS", { userAttributes: { "*": ["user", "data"] } }, "*/0"],
    ["the address", { userAttributes: { mail: ["user.id", "traits.email"] } }, "mail/1"],
    [
      "the address in an object",
      { userAttributes: { "*": { map: { m: { key: "traits.eMail", convert: "trim" } } } } },
      "*/map/m/key",
    ],
  ])("of an address that is kept back and sent with %s", (_, document, place) => {
    for (const email of ["hashed", "omitted"])
      expect(remarked({ email, ...document })).toEqual([
        `/mapping/userAttributes/${place} sends the e-mail address as it is, while /mapping/email says ${email}`,
      ]);
    expect(remarked(document)).toEqual([]);
    expect(remarked({ email: "omitted", rules: [{ event: "A", ...document }] })).toEqual([
      `/mapping/rules/0/userAttributes/${place} sends the e-mail address as it is, while /mapping/email says omitted`,
    ]);
  });

  it.each([
    { userAttributes: { "*": "traits" }, denyUserAttributes: ["email"] },
    { userAttributes: { "*": "traits" }, allowUserAttributes: ["plan"] },
    { userAttributes: { "*": "traits", email: null } },
    {
      userAttributes: {
        email: "traits.email_hash",
        mail: { key: "traits.email", convert: ["lower", "sha256"] },
      },
    },
    { userAttributes: { "*": { map: { mail: { key: "traits.email", convert: "sha256" } } } } },
    { userAttributes: { mail: "traits.email" }, denyUserAttributes: ["m*"] },
  ])("nothing of %j, which sends no address", (document) => {
    expect(remarked({ email: "omitted", ...document })).toEqual([]);
  });

  it.each<[object, string, string]>([
    [{ key: "user.plan" }, "key", 'for the fields of an object write {"*": {"key": …}}'],
    [{ value: "plan" }, "value", 'for one attribute write {"plan": {"value": …}}'],
    [{ convert: "lower", value: "plan" }, "convert", 'for one attribute write {"plan": {"convert": …}}'],
    [{ set: ["a", "b"] }, "set", 'for one attribute write {"plan": {"set": …}}'],
    [{ loop: ["a", "b"] }, "loop", 'for one attribute write {"plan": {"loop": …}}'],
  ])("of the attributes %j, which are a value", (userAttributes, word, said) => {
    expect(remarked({ userAttributes })).toEqual([
      `/mapping/userAttributes/${word} is read as an attribute of this name: ${said}`,
    ]);
  });

  it.each([
    { key: "properties.key" },
    { value: "properties.total" },
    { value: ["properties.value", "properties.total"] },
    { value: { key: "properties.total" }, set: ["properties.set", "traits.set"] },
    { map: ["properties.level", "traits.level"], loop: { loop: ["a", "b"] } },
    { key: "user", plan: "user.plan" },
    {},
  ])("nothing of the attributes %j", (customAttributes) => {
    expect(remarked({ customAttributes })).toEqual([]);
  });

  it("of constants that their conversion does not take", () => {
    const a = { value: "abc", convert: "number" };
    const customAttributes = {
      a,
      b: [{ map: { c: a } }],
      d: { value: "7", convert: "number" },
      e: { key: "x", ...a },
    };

    expect(remarked({ customAttributes })).toEqual([
      "/mapping/customAttributes/a/convert does not take this constant: it is never sent",
      "/mapping/customAttributes/b/0/map/c/convert does not take this constant: it is never sent",
    ]);
  });

  it("nothing of a document that says what is meant", () => {
    expect(remarked({})).toEqual([]);
    expect(
      remarked({
        rules: [
          { event: "A", as: "Signed Up" },
          { event: { prefix: "a" }, ignore: true },
        ],
      }),
    ).toEqual([]);
  });

  it("twenty things at the most", () => {
    expect(
      unreached(...Array.from({ length: 30 }, (_, i) => ({ type: "alias", event: `a${i}` }))),
    ).toHaveLength(20);
  });
});
