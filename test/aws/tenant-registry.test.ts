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

  expect(await tenants.tenants({ limit: 1 })).toEqual({ entries: [], unreadable: new Map(), next: "a" });
});

it("says which item cannot be read, and not what it holds", async () => {
  const { table, tenants } = registry();
  table
    .on(GetItemCommand)
    .resolves({ Item: marshall({ pk: "tenant#a", sk: "feed#f", feedId: "f", kind: "SECRET" }) });

  const reading = tenants.feed("a", "f");

  await expect(reading).rejects.toThrow("What is stored of the feed f cannot be read: kind");
  await expect(reading).rejects.not.toThrow("SECRET");
});

it("lists as many former mappings as it is asked for, however many pages they fill", async () => {
  const { table, tenants } = registry();
  const page = (...versions: number[]) => versions.map((version) => marshall({ version, since: "then" }));
  table
    .on(QueryCommand)
    .resolvesOnce({ Items: page(9, 8), LastEvaluatedKey: key("8") })
    .resolvesOnce({ Items: page(7, 6), LastEvaluatedKey: key("6") })
    .rejects(new Error("one page too many"));

  const listed = await tenants.mappings({ tenantId: "acme", feedId: "default" }, 10, 3);

  expect(listed.map(({ version }) => version)).toEqual([9, 8, 7]);
  expect(table.commandCalls(QueryCommand)[1]?.args[0].input.ExclusiveStartKey).toEqual(key("8"));
});

it("lists the former mappings that there are", async () => {
  const { table, tenants } = registry();
  table.on(QueryCommand).resolves({ Items: [marshall({ version: 1 })] });

  expect(await tenants.mappings({ tenantId: "acme", feedId: "default" }, 2, 51)).toEqual([{ version: 1 }]);
});
