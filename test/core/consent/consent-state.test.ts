import { describe, expect, it } from "vitest";
import { assemble } from "../../../shared/core/assemble/assemble.ts";
import type { Contribution } from "../../../shared/core/contribution.ts";
import { checkBatch, parseFeed } from "../../../shared/core/validators.ts";
import {
  contributionOf,
  convert,
  convertContext,
  MOMENT,
  MOMENT_MS,
  noticed,
  track,
} from "../convert/support.ts";

const MARKETING = { gdpr: { marketing: { consented: "context.consent.marketing" } } };
const SALE = { ccpa: { data_sale_opt_out: { consented: "context.consent.sale" } } };

const setup = (state: unknown, kind = "custom") => ({ feed: { kind, consent: { state } } });

function event(consent: unknown, rest: Record<string, unknown> = {}) {
  return track("T", {}, { context: { consent }, ...rest });
}

/** The consent states of the batches that events become, and how many events each has. */
function sent(contributions: readonly Contribution[], state: unknown) {
  const parts = contributions.map((contribution, source) => ({
    source,
    contribution,
    mode: "live" as const,
  }));
  const { feed } = convertContext(setup(state));
  const { batches } = assemble(parts, { tenantId: "acme", feed, nowMs: MOMENT_MS });
  return batches.map(({ body, eventCount }) => {
    const batch = JSON.parse(body.toString());
    expect(checkBatch(batch)).toBeUndefined();
    return [batch.consent_state, eventCount];
  });
}

function stateOf(consent: unknown, state: unknown) {
  return sent([contributionOf(event(consent), setup(state))], state)[0]?.[0];
}

const gdpr = (consented: boolean, timestamp_unixtime_ms = MOMENT_MS) => ({
  gdpr: { marketing: { consented, timestamp_unixtime_ms } },
});

describe("consent state", () => {
  it("is a record for each purpose, at the event's time where none is given", () => {
    expect(stateOf({ marketing: true }, MARKETING)).toEqual(gdpr(true));
    expect(stateOf({ marketing: "false" }, MARKETING)).toEqual(gdpr(false));
  });

  it("has what the feed's settings add", () => {
    const state = {
      gdpr: {
        marketing: {
          consented: { value: true },
          timestamp: "context.consent.at",
          document: { value: "terms-4" },
          location: "context.consent.place",
          hardware_id: "anonymousId",
        },
      },
    };
    expect(stateOf({ at: "2024-01-01T00:00:00Z", place: "Oslo" }, state)).toEqual({
      gdpr: {
        marketing: {
          consented: true,
          timestamp_unixtime_ms: Date.parse("2024-01-01T00:00:00Z"),
          document: "terms-4",
          location: "Oslo",
        },
      },
    });
  });

  it("says the opposite of a consent to the sale of data, unless told that it is the opting out", () => {
    const optedOut = (consented: boolean) => ({
      ccpa: { data_sale_opt_out: { consented, timestamp_unixtime_ms: MOMENT_MS } },
    });
    const optOut = { ccpa: { data_sale_opt_out: { consented: "context.consent.sale", inverted: false } } };
    expect(stateOf({ sale: true }, SALE)).toEqual(optedOut(false));
    expect(stateOf({ sale: false }, SALE)).toEqual(optedOut(true));
    expect(stateOf({ sale: true }, optOut)).toEqual(optedOut(true));
  });

  it("has no purpose of which the event says nothing, or nothing readable", () => {
    expect(stateOf({}, { ...MARKETING, ...SALE })).toBeUndefined();
    expect(stateOf({ sale: true, marketing: "perhaps" }, { ...MARKETING, ...SALE })).not.toHaveProperty(
      "gdpr",
    );
    expect(noticed(event({ marketing: "perhaps" }), setup(MARKETING))).toEqual([
      "consent_unreadable consent.state.gdpr.marketing.consented",
    ]);
  });

  it("is left out of a partner feed's batches, and this is told", () => {
    const partner = setup(MARKETING, "partner");
    expect(contributionOf(event({ marketing: true }), partner).envelope).not.toHaveProperty("consentState");
    expect(noticed(event({ marketing: true }), partner)).toEqual(["consent_stripped consent.state"]);
  });
});

describe("a batch", () => {
  const at = (seconds: number, consent: unknown, state: unknown = MARKETING) =>
    contributionOf(
      event(consent, {
        messageId: `m-${seconds}`,
        timestamp: new Date(MOMENT_MS + seconds * 1000).toISOString(),
      }),
      setup(state),
    );

  it("holds events of one consent state, at the time of the newest of them", () => {
    const [first, denied, again] = [
      at(0, { marketing: true }),
      at(1, { marketing: false }),
      at(2, { marketing: true }),
    ];
    const expected = [
      [gdpr(true, MOMENT_MS + 2000), 2],
      [gdpr(false, MOMENT_MS + 1000), 1],
    ];
    expect(sent([first, denied, again], MARKETING)).toEqual(expected);
    expect(sent([again, first, denied], MARKETING)).toEqual(expected);
  });

  it("does not hold an event that says nothing of consent beside one that does", () => {
    expect(sent([at(0, { marketing: true }), at(1, {})], MARKETING)).toHaveLength(2);
  });

  it("does not hold consent that was given at different times", () => {
    const state = {
      gdpr: { marketing: { consented: "context.consent.marketing", timestamp: "context.consent.at" } },
    };
    const events = [MOMENT, "2024-01-29T14:53:19.000Z"].map((time, i) =>
      at(i, { marketing: true, at: time }, state),
    );
    expect(sent(events, state)).toHaveLength(2);
  });
});

describe("required consent", () => {
  it("is read from the feed's place, and named where it is missing", () => {
    const feed = { consent: { required: ["ads"], path: 'context["my.consent"]' } };
    const given = (ads: unknown) => track("T", {}, { context: { "my.consent": { ads } } });
    expect(convert(given(true), { feed }).kind).toBe("contribution");
    expect(convert(given("true"), { feed })).toMatchObject({ kind: "filtered", rule: "consent:ads" });
    expect(convert(track("T"), { feed })).toMatchObject({ kind: "filtered", rule: "consent:ads" });
  });

  describe("of a row", () => {
    const kindOf = (values: Record<string, unknown>, path: string, over: Record<string, unknown> = {}) =>
      convert(
        { type: "row", model: "m", values: { customer_id: "c", ...values }, ...over },
        {
          feed: { consent: { required: ["marketing"], path }, rows: { m: { eventType: "user_attributes" } } },
        },
      ).kind;

    it.each([true, "true", "t", 1, "1", "YES"])("may be %j in a column, whatever the case", (given) => {
      expect(kindOf({ marketing: given }, "values")).toBe("contribution");
      expect(kindOf({ MARKETING: given }, "values")).toBe("contribution");
    });

    it.each([false, "false", "f", 0, "", null, "maybe", 2, [true], undefined])(
      "is missing in %j",
      (given) => {
        expect(kindOf({ MARKETING: given }, "values")).toBe("filtered");
      },
    );

    it("is what the column of the very name says, where several differ in case alone", () => {
      expect(kindOf({ MARKETING: true, marketing: false }, "values")).toBe("filtered");
    });

    it.each([{ marketing: true }, '{"marketing": "t"}', { marketing: 1 }])(
      "may be in a column of %j",
      (given) => {
        expect(kindOf({ CONSENT: given }, "values.consent")).toBe("contribution");
      },
    );

    it.each(['{"marketing": false}', "{", "marketing", null])("is missing in a column of %j", (given) => {
      expect(kindOf({ CONSENT: given }, "values.consent")).toBe("filtered");
    });

    it("may be beside the columns, as in calls, and is read from no column then", () => {
      const context = { consent: { marketing: true } };

      expect(kindOf({}, "context.consent", { context })).toBe("contribution");
      expect(kindOf({ marketing: true }, "context.consent")).toBe("filtered");
    });
  });

  it("has a name of at most 64 characters", () => {
    const feed = { consent: { required: ["x".repeat(256)] } };
    expect(convert(track("T"), { feed })).toMatchObject({ rule: `consent:${"x".repeat(64)}` });
  });
});

describe("settings that cannot be used name the place", () => {
  const parse = (consent: unknown) => () => parseFeed({ feedId: "default", consent });

  it.each([
    [{ path: "a..b" }, "consent.path"],
    [{ path: "__proto__.x" }, "consent.path"],
    [{ state: { gdpr: { a: { consented: { fn: "x" } } } } }, "consent.state.gdpr.a.consented"],
    [{ state: { gdpr: { a: {} } } }, "consent.state.gdpr.a.consented"],
    [{ state: { ccpa: { other: { consented: "x" } } } }, "consent.state.ccpa"],
    [
      {
        state: {
          gdpr: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`p${i}`, { consented: "x" }])),
        },
      },
      "consent.state.gdpr",
    ],
  ])("%j", (consent, field) => {
    expect(parse(consent)).toThrow(expect.objectContaining({ field: expect.stringContaining(field) }));
  });
});
