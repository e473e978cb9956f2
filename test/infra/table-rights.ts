import type { Template } from "aws-cdk-lib/assertions";
import { type Statement, statementsOf } from "./iam-statements.ts";

/** A call to the table, as IAM sees it. */
export interface TableCall {
  /** Without `dynamodb:`. */
  readonly action: string;
  /** Values of the partition key, of all items that it names. */
  readonly leadingKeys: readonly string[];
  /** Absent: the table itself. */
  readonly index?: string | undefined;
}

const LEADING_KEYS = "dynamodb:LeadingKeys";

/** Judges calls to the table as IAM would by the policies of the roles whose logical ids begin so. */
export function tableRights(template: Template, within: string): (call: TableCall) => boolean {
  const statements = tableStatements(template, within);
  return (call) => statements.some((statement) => allows(statement, call));
}

/** For each partition, or index, the actions that a role may do there. */
export function rightsByPartition(template: Template, within: string): Record<string, string[]> {
  const rights = tableStatements(template, within).map((statement) => {
    const index = indexIn(statement);
    const place = index === undefined ? patternsIn(statement).join(" ") : `index ${index}`;
    return [place, statement.actions.map((action) => action.slice("dynamodb:".length)).sort()];
  });
  return Object.fromEntries(rights);
}

function tableStatements(template: Template, within: string): Statement[] {
  const actions = /^dynamodb:(?!.*Stream|GetRecords|GetShard)/;
  return statementsOf(template, within).filter((statement) =>
    statement.actions.some((action) => actions.test(action)),
  );
}

function allows(statement: Statement, { action, leadingKeys, index }: TableCall): boolean {
  if (statement.effect !== "Allow" || !statement.actions.includes(`dynamodb:${action}`)) return false;
  if (indexIn(statement) !== index) return false;
  const patterns = patternsIn(statement);
  if (patterns.length === 0) return true;
  return leadingKeys.length > 0 && leadingKeys.every((key) => patterns.some((each) => isLike(key, each)));
}

/** @throws for a condition that this cannot judge. */
function patternsIn({ conditions = {} }: Statement): string[] {
  const { "ForAllValues:StringLike": like, Null: isNull, ...others } = conditions;
  if (Object.keys(others).length > 0) throw new Error(`Not understood: ${Object.keys(others)}`);
  const patterns = like?.[LEADING_KEYS] as string[] | undefined;
  if (patterns && isNull?.[LEADING_KEYS] !== "false")
    throw new Error("A request without keys would be allowed");
  return patterns ?? [];
}

function indexIn({ resources }: Statement): string | undefined {
  return /\/index\/(.+)$/.exec(resources[0] ?? "")?.[1];
}

function isLike(key: string, pattern: string): boolean {
  return pattern.endsWith("*") ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
