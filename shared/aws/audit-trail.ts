import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { AuditEntry } from "../api/audit.schema.ts";
import { ConfigError } from "../core/config-error.ts";
import { parseAuditEntry } from "../core/validators.ts";
import type { Clock } from "../ports.ts";
import type { AuditFact, AuditTrail, Page, PageRequest } from "../ports-onboarding.ts";

export interface DynamoAuditTrailOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly uniqueId: () => string;
}

/** The audit trail: `pk` = `audit#<tenantId>`, `sk` = `<instant>#<id>`. Entries are only ever added, and outlive their tenant. */
export class DynamoAuditTrail implements AuditTrail {
  readonly #options: DynamoAuditTrailOptions;

  constructor(options: DynamoAuditTrailOptions) {
    this.#options = options;
  }

  async write({ tenantId, ...fact }: AuditFact): Promise<void> {
    const { client, tableName, clock, uniqueId } = this.#options;
    const at = new Date(clock.nowMs()).toISOString();
    const item = { pk: `audit#${tenantId}`, sk: `${at}#${uniqueId()}`, at, ...fact };
    await client.send(
      new PutItemCommand({ TableName: tableName, Item: marshall(item, { removeUndefinedValues: true }) }),
    );
  }

  async list(tenantId: string, { limit, after }: PageRequest): Promise<Page<AuditEntry>> {
    const { client, tableName } = this.#options;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: after === undefined ? "pk = :pk" : "pk = :pk AND sk < :after",
        ExpressionAttributeValues: {
          ":pk": { S: `audit#${tenantId}` },
          ...(after !== undefined && { ":after": { S: after } }),
        },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    const next = LastEvaluatedKey?.["sk"]?.S;
    return { entries: Items.flatMap(entryIn), ...(next !== undefined && { next }) };
  }
}

/** None where the item is none that this release knows: an entry of another one hides no others. */
function entryIn(item: Record<string, AttributeValue>): AuditEntry[] {
  try {
    return [parseAuditEntry(unmarshall(item))];
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}
