import { describe, expect, it } from "vitest";
import { statementsOf } from "./iam-statements.ts";
import { synthesize } from "./synthesize.ts";

/** Every wildcard that a grant may contain, with the reason why it cannot be narrower. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "*": "X-Ray's two actions take no resource",
  "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:partner-feed-connector/production/*":
    "feeds are onboarded after deployment",
  "<partner-feed-connector-production-state-BucketArn>/held/*": "objects are named when written",
  "<partner-feed-connector-production-state-BucketArn>/rejected/*": "objects are named when written",
};

const templates = Object.entries(synthesize());

describe.each(templates)("grants of the %s stack", (_, template) => {
  it("allow no wildcard action", () => {
    const wildcards = statementsOf(template).flatMap(({ actions }) =>
      actions.filter((action) => action.includes("*")),
    );

    expect(wildcards).toEqual([]);
  });

  it("name their resources, or an explained wildcard", () => {
    const wildcards = statementsOf(template).flatMap(({ resources }) =>
      resources.filter((arn) => arn.includes("*")),
    );

    expect(wildcards.filter((arn) => !(arn in EXPLAINED))).toEqual([]);
  });

  it("use the bare wildcard for tracing only", () => {
    const actions = statementsOf(template)
      .filter(({ resources }) => resources.includes("*"))
      .flatMap(({ actions }) => actions);

    expect(actions.filter((action) => !action.startsWith("xray:Put"))).toEqual([]);
  });
});

it("finds grants to check", () => {
  const counts = Object.fromEntries(
    templates.map(([name, template]) => [name, statementsOf(template).length]),
  );

  expect(counts).toEqual({ state: 0, service: 9 + 9 + 9 + 9 + 6 + 3 + 14 + 9 + 4 + 14, ops: 0 });
});
