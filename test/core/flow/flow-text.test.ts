import { describe, expect, it } from "vitest";
import { admit } from "../../../shared/core/flow/admit.ts";
import { DEFAULT_FLOW_SETTINGS as SETTINGS } from "../../../shared/core/flow/flow-settings.ts";
import type { FlowState, Lane } from "../../../shared/core/flow/flow-state.schema.ts";
import { initialFlow } from "../../../shared/core/flow/flow-state.ts";
import { flowText, parseFlow } from "../../../shared/core/flow/flow-text.ts";
import { NOW_MS } from "../../support/builders.ts";

/** A feed that both lanes keep busy. */
function busy(): FlowState {
  let state: FlowState = { ...initialFlow(SETTINGS, NOW_MS), rate: 270 };
  for (let ms = 0; ms < 6_000; ms += 100) {
    const lane: Lane = ms % 300 === 0 ? "backfill" : "live";
    const ask = { lane, returning: 500, fresh: 0, paceMs: 1_500, probeMs: 20_000 };
    ({ state } = admit(state, ask, SETTINGS, NOW_MS + ms));
  }
  return state;
}

describe("the text of a flow state", () => {
  it.each([
    { of: "a new feed", state: initialFlow(SETTINGS, NOW_MS) },
    { of: "a busy feed", state: busy() },
  ])("of $of says all of it", ({ state }) => {
    expect(parseFlow(flowText(state))).toEqual(state);
  });

  it("of a busy feed is written at the price of a kilobyte and a half at the most", () => {
    expect(busy().grants.length).toBeGreaterThan(40);
    expect(flowText(busy()).length).toBeLessThan(1_500);
  });

  it.each([
    { what: "empty", text: "" },
    { what: "cut off", text: flowText(busy()).slice(0, -1) },
    { what: "no object", text: "7" },
    { what: "without grants", text: JSON.stringify({ ...initialFlow(SETTINGS, NOW_MS), grants: undefined }) },
    { what: "with half a grant", text: JSON.stringify({ ...initialFlow(SETTINGS, NOW_MS), grants: [1, 2] }) },
    {
      what: "with a lane of its own",
      text: JSON.stringify({ ...initialFlow(SETTINGS, NOW_MS), grants: [1, 2, 3] }),
    },
    {
      what: "with text for a rate",
      text: JSON.stringify({ ...initialFlow(SETTINGS, NOW_MS), rate: "fast" }),
    },
  ])("that is $what is none", ({ text }) => {
    expect(parseFlow(text)).toBeUndefined();
  });
});
