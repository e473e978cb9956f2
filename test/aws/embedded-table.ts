import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../local/aws/embedded-aws.ts";
import { provision } from "../../local/aws/provision.ts";

/** Declares that the tests of a file share the connector's table in an embedded AWS. Each test names tenants of its own. */
export function useTable() {
  let aws: EmbeddedAws;
  let tableName: string;
  const clients: DynamoDBClient[] = [];
  beforeAll(async () => {
    aws = await startEmbeddedAws();
    ({ tableName } = await provision(aws));
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await aws.close();
  });
  return {
    get tableName() {
      return tableName;
    },
    /** Ended with the tests. It tries each call once. */
    newClient(): DynamoDBClient {
      const client = new DynamoDBClient({ ...aws.clientConfig, maxAttempts: 1 });
      clients.push(client);
      return client;
    },
  };
}
