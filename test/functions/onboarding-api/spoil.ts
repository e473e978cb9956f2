import { type AttributeValue, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { FeedId } from "../../../shared/ports-onboarding.ts";
import type { OnboardingWorld } from "./onboarding-world.ts";

/** Writes into a feed's item, or another one of its tenant, what the API would refuse. @param field - Its name, or those that lead to it, with dots. */
export async function spoil(
  { clients, state }: Pick<OnboardingWorld, "clients" | "state">,
  { tenantId, feedId }: FeedId,
  field: string,
  value: AttributeValue,
  sk = `feed#${feedId}`,
): Promise<void> {
  const names = field.split(".");
  await clients.dynamodb.send(
    new UpdateItemCommand({
      TableName: state.tableName,
      Key: { pk: { S: `tenant#${tenantId}` }, sk: { S: sk } },
      UpdateExpression: `SET ${names.map((_, i) => `#f${i}`).join(".")} = :value`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#f${i}`, name])),
      ExpressionAttributeValues: { ":value": value },
    }),
  );
}
