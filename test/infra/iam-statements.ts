import type { Template } from "aws-cdk-lib/assertions";

export interface Statement {
  readonly actions: readonly string[];
  /** Each as one text, intrinsic functions written as `<Ref name>`. */
  readonly resources: readonly string[];
  readonly effect: string;
  readonly conditions: Record<string, Record<string, unknown>> | undefined;
}

/**
 * Every statement of every identity policy of a template. Resource policies are left out: they name principals.
 *
 * @param within - Beginning of the logical ids of those policies that matter.
 */
export function statementsOf(template: Template, within = ""): Statement[] {
  return ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role"]
    .flatMap((type) => Object.entries(template.findResources(type)))
    .filter(([logicalId]) => logicalId.startsWith(within))
    .flatMap(([, { Properties }]) => [
      Properties.PolicyDocument,
      ...(Properties.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument),
    ])
    .flatMap((document) => document?.Statement ?? [])
    .map((statement) => ({
      actions: [statement.Action].flat(),
      resources: (Array.isArray(statement.Resource) ? statement.Resource : [statement.Resource]).map(flatten),
      effect: statement.Effect,
      conditions: statement.Condition,
    }));
}

function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  const [[name, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (name === "Fn::Join") return ((argument as [string, unknown[]])[1] ?? []).map(flatten).join("");
  return `<${Array.isArray(argument) ? argument.join(".") : argument}>`;
}
