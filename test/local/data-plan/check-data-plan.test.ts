import { describe, expect, it } from "vitest";
import { checkDataPlan, readDataPlan } from "../../../local/data-plan/check-data-plan.ts";

const attributes = {
  additionalProperties: false,
  properties: { cups: { type: "string" } },
  required: ["cups"],
};
const PLAN = readDataPlan(
  JSON.stringify({
    version: 1,
    version_document: {
      data_points: [
        {
          match: {
            type: "custom_event",
            criteria: { event_name: "Tea Brewed", custom_event_type: "other" },
          },
          validator: {
            type: "json_schema",
            definition: { properties: { data: { properties: { custom_attributes: attributes } } } },
          },
        },
        {
          match: { type: "user_attributes", criteria: {} },
          validator: {
            type: "json_schema",
            definition: { additionalProperties: false, properties: { plan: { type: "string" } } },
          },
        },
      ],
    },
  }),
);

function custom(event_name: string, custom_attributes: Record<string, string>) {
  return { event_type: "custom_event", data: { event_name, custom_event_type: "other", custom_attributes } };
}

const places = async (batch: Record<string, unknown>) =>
  (await checkDataPlan(batch, PLAN)).map(({ code, path }) => `${code} ${path}`);

describe("a batch", () => {
  it("that the plan allows gives no finding, whatever its identities", async () => {
    const batch = {
      user_identities: { facebook: "1" },
      user_attributes: { plan: "gold" },
      events: [custom("Tea Brewed", { cups: "2" })],
    };
    expect(await places(batch)).toEqual([]);
  });

  it("tells the event, the place, the reason and the plan point, never a value", async () => {
    const batch = {
      events: [custom("Tea Brewed", { cups: "2" }), custom("Tea Brewed", { sugar: "CANARY" })],
    };
    const findings = await checkDataPlan(batch, PLAN);

    expect(findings.map(({ path }) => path)).toEqual([
      "events[1].data.custom_attributes",
      "events[1].data.custom_attributes",
    ]);
    expect(findings[0]?.message).toBe(
      'sugar is not in the plan; plan point {"type":"custom_event","criteria":{"event_name":"Tea Brewed","custom_event_type":"other"}}.',
    );
    expect(findings[1]?.message).toContain("lacks what the plan requires (cups)");
    expect(JSON.stringify(findings)).not.toContain("CANARY");
  });

  it("with an event or a user attribute that is not planned is told", async () => {
    expect(await places({ events: [custom("Other", {})] })).toEqual(["data_plan_violated events[0]"]);
    expect(await places({ user_attributes: { tier: "gold" } })).toEqual([
      "data_plan_violated user_attributes",
    ]);
  });
});

it("a plan that says nothing of user attributes gives no finding about them", async () => {
  const [event] = JSON.parse(JSON.stringify(PLAN)).version_document.data_points;
  const plan = readDataPlan(JSON.stringify({ version: 1, version_document: { data_points: [event] } }));
  const batch = { user_attributes: { tier: "gold" }, events: [custom("Tea Brewed", { cups: "2" })] };

  expect(await checkDataPlan(batch, plan)).toEqual([]);
});

it("a user attribute that is required is asked for once, not of each event", async () => {
  const [event] = JSON.parse(JSON.stringify(PLAN)).version_document.data_points;
  const user = {
    match: { type: "user_attributes", criteria: {} },
    validator: { type: "json_schema", definition: { required: ["plan"] } },
  };
  const plan = readDataPlan(JSON.stringify({ version: 1, version_document: { data_points: [event, user] } }));
  const tea = custom("Tea Brewed", { cups: "2" });

  const findings = await checkDataPlan({ user_attributes: { tier: "gold" }, events: [tea, tea] }, plan);

  expect(findings.map(({ path }) => path)).toEqual(["user_attributes"]);
});

it.each([
  ["no json", "is not JSON"],
  ["null", "no version_document"],
  ['{"data_points": []}', "no version_document"],
])("a data plan that cannot be used is refused: %s", (text, problem) => {
  expect(() => readDataPlan(text)).toThrow(problem);
});
