import { BatchGetItemCommand, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { DynamoTenantRegistry } from "../../shared/aws/tenant-registry.ts";
import { dynamodbClient } from "../support/clients.ts";

function registry() {
  const client = dynamodbClient();
  const table = mockClient(client);
  const waits: number[] = [];
  const clock = {
    sleep: async (ms: number) => {
      waits.push(ms);
    },
  };
  return { table, waits, tenants: new DynamoTenantRegistry({ client, tableName: "t", clock }) };
}
const profile = (id: string) => marshall({ pk: `tenant#${id}`, sk: "profile", tenantId: id });
const key = (id: string) => marshall({ pk: `tenant#${id}`, sk: "profile" });

it("asks again for tenants that DynamoDB did not get to", async () => {
  const { table, waits, tenants } = registry();
  table.on(QueryCommand).resolves({ Items: [marshall({ sk: "a" }), marshall({ sk: "b" })] });
  table
    .on(BatchGetItemCommand)
    .resolvesOnce({ Responses: { t: [profile("b")] }, UnprocessedKeys: { t: { Keys: [key("a")] } } })
    .resolvesOnce({ Responses: { t: [profile("a")] } });

  const { entries } = await tenants.tenants({ limit: 2 });

  expect(entries.map(({ tenantId }) => tenantId)).toEqual(["a", "b"]);
  expect(waits).toEqual([100]);
});

it("leaves out a tenant whose creation did not come to its end", async () => {
  const { table, tenants } = registry();
  table.on(QueryCommand).resolves({ Items: [marshall({ sk: "a" })], LastEvaluatedKey: key("a") });
  table.on(BatchGetItemCommand).resolves({ Responses: { t: [] } });

  expect(await tenants.tenants({ limit: 1 })).toEqual({ entries: [], next: "a" });
});

it("says which item cannot be read, and not what it holds", async () => {
  const { table, tenants } = registry();
  table
    .on(GetItemCommand)
    .resolves({ Item: marshall({ pk: "tenant#a", sk: "feed#f", feedId: "f", kind: "SECRET" }) });

  const reading = tenants.feed("a", "f");

  await expect(reading).rejects.toThrow("The item tenant#a feed#f cannot be read: kind");
  await expect(reading).rejects.not.toThrow("SECRET");
});
