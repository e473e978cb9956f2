/** The ledger's table in an embedded AWS, and clients to it that can be made to fail. */
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { DynamoLedgerAccounts } from "../../shared/aws/ledger-accounts.ts";
import { DynamoLedger } from "../../shared/aws/ledger-store.ts";
import { ledgerKey } from "../../shared/aws/ledger-table.ts";
import type { LedgerAccountId } from "../../shared/core/ledger.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError } from "../support/clients.ts";
import { useTable } from "./embedded-table.ts";

/** What becomes of an update: it never arrives, or it is done and its answer is lost. */
export type Failure = "refused" | "answer lost";

/** Declares that the tests of a file share one table. Each test names tenants of its own. */
export function useLedgerTable() {
  const table = useTable();

  return {
    /** One instance of a function that writes. `failures` are met by its updates, in their order. */
    writer(writerId = "one", failures: (Failure | undefined)[] = []) {
      const client = table.newClient();
      const log = capturedLog();
      const clock = { at: NOW_MS, nowMs: () => clock.at };
      const updates: string[] = [];
      let underWay = 0;
      const peak = { underWay: 0 };
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context["commandName"] !== UpdateItemCommand.name) return next(args);
          updates.push((args.input as { Key: { sk: { S: string } } }).Key.sk.S);
          peak.underWay = Math.max(peak.underWay, ++underWay);
          try {
            const failure = failures.shift();
            if (failure === "refused") throw awsError("ProvisionedThroughputExceededException", "CANARY");
            const answer = await next(args);
            if (failure === "answer lost") throw awsError("TimeoutError", "CANARY");
            return answer;
          } finally {
            underWay--;
          }
        },
        { step: "initialize" },
      );
      return {
        ledger: new DynamoLedger({ client, tableName: table.tableName, clock, log, writerId }),
        log,
        clock,
        updates,
        peak,
      };
    },
    accounts: () =>
      new DynamoLedgerAccounts({
        client: table.newClient(),
        tableName: table.tableName,
        clock: { sleep: async () => {} },
      }),
    /** The item of an account as it lies in the table. */
    async item(id: LedgerAccountId): Promise<Record<string, unknown>> {
      const command = new GetItemCommand({
        TableName: table.tableName,
        Key: ledgerKey(id),
        ConsistentRead: true,
      });
      const { Item } = await table.newClient().send(command);
      return Item ? unmarshall(Item) : {};
    },
  };
}
