import { expect, it } from "vitest";
import { wrongIn } from "../../../shared/api/checks/check-value.ts";
import { consentValues, PURPOSE } from "../../../shared/api/shapes/consent-shapes.ts";
import { ConsentSchema } from "../../../shared/core/consent/consent.schema.ts";
import { noticed, track } from "../convert/support.ts";
import { FIXED_VALUES } from "../mapping/fixed-values.ts";

const UNUSABLE = /^(?:consent_unreadable|timestamp_invalid|field_invalid|mapping_value_unusable) /;

function judged(purpose: object) {
  const consent = { state: { gdpr: { marketing: purpose } } };
  return {
    purpose,
    isRefused: consentValues(ConsentSchema.parse(consent)).flatMap(wrongIn).length > 0,
    isTold: noticed(track("T"), { feed: { kind: "custom", consent } }).some((text) => UNUSABLE.test(text)),
  };
}

it.each(Object.keys(PURPOSE))("the shape of a purpose's %s refuses what no event could mend", (name) => {
  const all = FIXED_VALUES.map((value) => judged({ consented: { value: true }, [name]: value }));

  expect(all.filter(({ isRefused, isTold }) => isRefused !== isTold)).toEqual([]);
  expect(all.some(({ isRefused }) => isRefused)).toBe(true);
});
