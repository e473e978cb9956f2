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

/** Partitions by actions, those of an index by `<action> <index>`. */
export type TableRights = Readonly<Record<string, readonly string[]>>;

const LEADING_KEYS = "dynamodb:LeadingKeys";

const DELIVER: TableRights = {
  GetItem: ["tenant#*", "invocation#*", "system"],
  Query: ["tenant#*"],
  UpdateItem: ["tenant#*", "claims#*", "invocation#*", "system", "unreadable"],
};

/** What each function may do with the table, by where its role begins in the service stack. */
export const TABLE_RIGHTS = {
  Live: DELIVER,
  Backfill: DELIVER,
  Release: { GetItem: ["tenant#*", "system"], Query: ["tenant#*"], UpdateItem: ["tenant#*"] },
  Replay: { GetItem: ["tenant#*", "system"], Query: ["tenant#*"], UpdateItem: ["tenant#*", "unreadable"] },
  Check: {
    Query: ["tenant#*", "unreadable"],
    "Query writtenIn": ["*"],
    BatchGetItem: ["tenant#*", "unreadable"],
    UpdateItem: ["tenant#*", "unreadable"],
  },
  Onboarding: {
    GetItem: ["tenant#*", "link#*"],
    BatchGetItem: ["tenant#*", "link#*"],
    Query: ["tenants", "tenant#*", "audit#*"],
    PutItem: ["tenants", "tenant#*", "link#*", "audit#*"],
    UpdateItem: ["link#*", "key#*"],
    DeleteItem: ["tenant#*", "key#*"],
  },
  Connect: {
    GetItem: ["tenant#*", "link#*"],
    PutItem: ["tenant#*", "audit#*"],
    UpdateItem: ["link#*", "key#*"],
    DeleteItem: ["key#*"],
  },
  Upkeep: {
    GetItem: ["tenant#*", "upkeep"],
    BatchGetItem: ["tenant#*", "link#*"],
    Query: ["tenants", "tenant#*"],
    PutItem: ["tenants", "tenant#*", "audit#*", "upkeep"],
    UpdateItem: ["link#*", "key#*"],
    DeleteItem: ["tenants", "tenant#*", "key#*"],
  },
  Verify: {},
} as const satisfies Record<string, TableRights>;

/** Judges a call as IAM does: every key that it names has to be one of the partitions. */
export function isAllowed({ action, leadingKeys, index }: TableCall, rights: TableRights): boolean {
  const patterns = rights[nameOf(action, index)] ?? [];
  return leadingKeys.length > 0 && leadingKeys.every((key) => patterns.some((each) => isLike(key, each)));
}

/** The rights that a role of a template has. */
export function rightsIn(template: Template, within: string): TableRights {
  const rights = statementsOf(template, within).flatMap((statement) =>
    statement.actions
      .filter((action) => action.startsWith("dynamodb:"))
      .map((action) => [
        nameOf(action.slice("dynamodb:".length), indexIn(statement)),
        partitionsIn(statement),
      ]),
  );
  return Object.fromEntries(rights);
}

function nameOf(action: string, index: string | undefined): string {
  return index === undefined ? action : `${action} ${index}`;
}

/** @throws for a statement that is not of the form that all have, so that nothing is judged wrong. */
function partitionsIn(statement: Statement): string[] {
  const { effect, conditions = {} } = statement;
  if (indexIn(statement) !== undefined && Object.keys(conditions).length === 0) return ["*"];
  const { "ForAllValues:StringLike": like, Null: isNull, ...others } = conditions;
  const partitions = like?.[LEADING_KEYS] as string[] | undefined;
  if (effect !== "Allow" || !partitions || Object.keys(others).length > 0)
    throw new Error(`Not understood: ${JSON.stringify({ effect, conditions })}`);
  if (isNull?.[LEADING_KEYS] !== "false") throw new Error("A request without keys would be allowed");
  return partitions;
}

function indexIn({ resources }: Statement): string | undefined {
  return /\/index\/(.+)$/.exec(resources.join(" "))?.[1];
}

function isLike(key: string, pattern: string): boolean {
  return pattern.endsWith("*") ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
