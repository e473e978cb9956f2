import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { feedctl } from "./feedctl-process.ts";
import { previewAnswers } from "./preview-world.ts";

let api: FakeApi;
let directory: string;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "plan-"));
  api.calls.length = 0;
  api.answers = { ...previewAnswers };
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Plans the event "Tea Brewed" of type other, whatever its attributes. */
const PLAN = JSON.stringify({
  version: 1,
  version_document: {
    data_points: [
      {
        match: { type: "custom_event", criteria: { event_name: "Tea Brewed", custom_event_type: "other" } },
        validator: { type: "json_schema", definition: {} },
      },
    ],
  },
});

/** The first is planned, the others are not. */
const events = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      type: "track",
      event: i === 0 ? "Tea Brewed" : "CANARY",
      userId: `u-${i}`,
      messageId: `m-${i}`,
    }),
  ).join("\n");

function run(plan: string, args: readonly string[], input: string) {
  const path = join(directory, "plan.json");
  writeFileSync(path, plan);
  return feedctl(["preview", "-", "--data-plan", path, ...args], {
    env: { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN },
    input,
  });
}

test("--data-plan tells which batches the plan does not allow, of every part", async () => {
  const { code, stdout } = await run(PLAN, ["--json"], events(101));

  const { batches } = JSON.parse(stdout) as {
    batches: { findings: { code: string; documentation: string }[] }[];
  };
  const violated = batches.map(({ findings }) => findings.filter((one) => one.code === "data_plan_violated"));
  expect(api.calls).toHaveLength(2);
  expect(violated.map(({ length }) => length)).toEqual([0, ...Array(100).fill(1)]);
  expect(violated[1]?.[0]?.documentation).toBe("docs/findings.md#data_plan_violated");
  // mParticle takes the events: a plan decides no ending.
  expect(code).toBe(0);
});

test("--data-plan is shown beside the batch, and counted in a summary", async () => {
  const shown = await run(PLAN, [], events(2));
  const summary = await run(PLAN, ["--summary"], events(2));

  expect(shown.stdout).toMatch(/ {4}2 {2}live .*data_plan_violated at events\[0\]: /);
  expect(shown.stdout).not.toMatch(/ {4}1 {2}live .*data_plan_violated/);
  expect(summary.stdout).toMatch(/\ndata_plan_violated +warning +1 +2 |^data_plan_violated/m);
});

test.each([
  ["no JSON", "the data plan is not JSON"],
  ["{}", "export one of its versions"],
])("a data plan that is none is wrong usage, before anything is asked: %s", async (plan, said) => {
  const { code, stderr } = await run(plan, [], events(1));

  expect(stderr).toContain(said);
  expect(code).toBe(2);
  expect(api.calls).toEqual([]);
});

test("a data plan that is not there is wrong usage", async () => {
  const { code, stderr } = await feedctl(["preview", "-", "--data-plan", join(directory, "none.json")], {
    env: { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN },
    input: events(1),
  });

  expect(stderr).toContain("cannot read");
  expect(code).toBe(2);
});
