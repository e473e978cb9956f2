import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type AppProps } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import cdkJson from "../../cdk.json" with { type: "json" };
import { addConnector, type ConnectorStacks } from "../../infra/connector-app.ts";
import { type Stage, stageOf } from "../../infra/stages.ts";

/** Runs with an app that has the project's feature flags and bundles nothing, then removes what it wrote. */
export function withApp<Result>(use: (app: App) => Result, props: AppProps = {}): Result {
  const outdir = mkdtempSync(join(tmpdir(), "connector-synth-"));
  const context = { ...cdkJson.context, "aws:cdk:bundling-stacks": [] };
  try {
    return use(new App({ outdir, context, ...props }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The three stacks' templates. */
export function synthesize(stage: Stage = stageOf("production")): Record<keyof ConnectorStacks, Template> {
  return withApp((app) => {
    const { state, service, ops } = addConnector(app, stage);
    return {
      state: Template.fromStack(state),
      service: Template.fromStack(service),
      ops: Template.fromStack(ops),
    };
  });
}

/** Properties of the only resource of a type, or of every one. */
export function propertiesOf(template: Template, type: string): Record<string, unknown>[] {
  return Object.values(template.findResources(type)).map((resource) => resource["Properties"]);
}
