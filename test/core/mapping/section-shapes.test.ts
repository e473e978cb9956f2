import { describe, expect, it } from "vitest";
import { wrongInMapping } from "../../../shared/api/checks/check-mapping.ts";
import { SECTIONS, SINGLE } from "../../../shared/api/shapes/section-shapes.ts";
import { ApplicationInfoSchema, DeviceInfoSchema } from "../../../shared/core/batch/device.schema.ts";
import { IDENTITY_TYPES } from "../../../shared/core/batch/names.ts";
import { MappingSchema } from "../../../shared/core/mapping/mapping.schema.ts";
import { noticed, track } from "../convert/support.ts";
import { FIXED_VALUES, isBoolean } from "./fixed-values.ts";

const UNUSABLE =
  /^(?:field_invalid|identity_invalid|identity_too_long|ip_private|advertising_id_zero|mapping_value_unusable) /;

/** Refused when it is stored, and told of an event: the same. */
function judged(rule: object) {
  const mapping = { rules: [{ event: "T", ...rule }] };
  return {
    rule,
    isRefused: wrongInMapping(MappingSchema.parse(mapping)).length > 0,
    isTold: noticed(track("T"), { mapping }).some((text) => UNUSABLE.test(text)),
  };
}

const FIELDS = Object.entries(SECTIONS).flatMap(([section, shapes]) =>
  Object.keys(shapes).map((name) => [section, name] as const),
);

it("let events that name nobody share a user, behind rules that take the others", () => {
  const shared = { type: "any", userIdentities: { other: { value: "anonymous" } } };
  const named = { type: "any", when: [{ key: "userId", exists: true }] };
  const refusals = (...rules: object[]) => wrongInMapping(MappingSchema.parse({ rules })).length;

  expect(refusals(shared)).toBe(1);
  expect(refusals(named, shared)).toBe(0);
});

describe("the shapes of sections", () => {
  it("are of all fields that have a kind", () => {
    expect(Object.keys(SECTIONS.userIdentities).toSorted()).toEqual(IDENTITY_TYPES.toSorted());
    expect(Object.keys(SECTIONS.deviceInfo).toSorted()).toEqual(
      Object.keys(DeviceInfoSchema.shape).toSorted(),
    );
    expect([...Object.keys(SECTIONS.applicationInfo), "apple_search_ads_attributes"].toSorted()).toEqual(
      Object.keys(ApplicationInfoSchema.shape).toSorted(),
    );
  });

  it.each(FIELDS)("refuse in %s.%s what no event could mend", (section, name) => {
    // One preset takes booleans as identities: they are left to events.
    const values =
      section === "userIdentities" ? FIXED_VALUES.filter((value) => !isBoolean(value)) : FIXED_VALUES;
    const all = values.map((value) => judged({ [section]: { [name]: value } }));

    expect(all.filter(({ isRefused, isTold }) => isRefused !== isTold)).toEqual([]);
    expect(all.some(({ isRefused }) => isRefused)).toBe(true);
  });

  it("refuse as ip what no event could mend", () => {
    const all = FIXED_VALUES.map((ip) => judged({ ip }));

    expect(all.filter(({ isRefused, isTold }) => isRefused !== isTold)).toEqual([]);
    expect(Object.keys(SINGLE)).toContain("ip");
  });
});
