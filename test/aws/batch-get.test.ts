import { BatchGetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { batchGet } from "../../shared/aws/batch-get.ts";
import { DynamoConnectLinks } from "../../shared/aws/connect-links.ts";
import { dynamodbClient } from "../support/clients.ts";

function tableWithWaits() {
  const client = dynamodbClient();
  const waits: number[] = [];
  const clock = {
    sleep: async (ms: number) => {
      waits.push(ms);
    },
  };
  return { table: mockClient(client), waits, options: { client, tableName: "t", clock } };
}
const key = (pk: string) => marshall({ pk, sk: "s" });
const item = (pk: string) => marshall({ pk, sk: "s", value: pk });

it("asks for nothing where nothing is wanted", async () => {
  const { table, options } = tableWithWaits();

  expect(await batchGet([], options)).toEqual([]);
  expect(table.calls()).toHaveLength(0);
});

it("asks by keys alone, and again for those only that DynamoDB did not get to, ever later", async () => {
  const { table, waits, options } = tableWithWaits();
  table
    .on(BatchGetItemCommand)
    .resolvesOnce({ Responses: { t: [item("b")] }, UnprocessedKeys: { t: { Keys: [key("a"), key("c")] } } })
    .resolvesOnce({ UnprocessedKeys: { t: { Keys: [key("a"), key("c")] } } })
    .resolvesOnce({ Responses: { t: [item("a")] } });

  const items = await batchGet([item("a"), item("b"), item("c")], options);

  expect(items).toEqual([item("b"), item("a")]);
  const asked = table.commandCalls(BatchGetItemCommand).map(({ args }) => args[0].input.RequestItems?.["t"]);
  expect(asked).toEqual([
    { Keys: [key("a"), key("b"), key("c")], ConsistentRead: true },
    { Keys: [key("a"), key("c")], ConsistentRead: true },
    { Keys: [key("a"), key("c")], ConsistentRead: true },
  ]);
  expect(waits).toEqual([100, 200]);
});

it("gives up on what DynamoDB does not get to in seven calls", async () => {
  const { table, waits, options } = tableWithWaits();
  table.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { t: { Keys: [key("a")] } } });

  await expect(batchGet([key("a"), key("b")], options)).rejects.toThrow(
    "1 items of the table could not be read",
  );
  expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200]);
});

it("lists connect links that DynamoDB got to at the second time only", async () => {
  const { table, waits, options } = tableWithWaits();
  const link = (linkId: string) => ({
    linkId,
    tenantId: "acme",
    tokenHash: linkId.repeat(64),
    feedIds: ["default"],
    createdAt: "2026-11-20T00:00:00.000Z",
    validUntil: "2026-11-23T00:00:00.000Z",
    attempts: 0,
  });
  const keyOf = ({ tokenHash }: { tokenHash: string }) => marshall({ pk: `link#${tokenHash}`, sk: "link" });
  table
    .on(QueryCommand)
    .resolves({ Items: [link("a"), link("b")].map(({ tokenHash }) => marshall({ tokenHash })) });
  table
    .on(BatchGetItemCommand)
    .resolvesOnce({
      Responses: { t: [marshall(link("b"))] },
      UnprocessedKeys: { t: { Keys: [keyOf(link("a"))] } },
    })
    .resolvesOnce({ Responses: { t: [marshall(link("a"))] } });

  const { entries } = await new DynamoConnectLinks(options).list("acme", { limit: 2 });

  expect(entries.map(({ linkId }) => linkId)).toEqual(["a", "b"]);
  expect(waits).toEqual([100]);
});
