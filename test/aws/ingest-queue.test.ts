import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchCommandInput,
  GetQueueAttributesCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { SqsIngestQueue } from "../../shared/aws/ingest-queue.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError, sqsClient } from "../support/clients.ts";

function queue() {
  const client = sqsClient();
  const sqs = mockClient(client);
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [] });
  sqs.on(SendMessageCommand).resolves({ MessageId: "sent" });
  const log = capturedLog();
  const slept: number[] = [];
  const clock = { nowMs: () => time.nowMs, sleep: async (ms: number) => void slept.push(ms) };
  const time = { nowMs: NOW_MS, slept };
  return { sqs, log, time, queue: new SqsIngestQueue({ client, queueUrl: "https://queue", clock, log }) };
}

const hidden = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ receiptHandle: `receipt-${i}`, delaySeconds: 10 + i }));
const messages = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ body: `body-${i}`, groupId: "acme", delaySeconds: i }));

const always = () => true;

describe("hiding messages", () => {
  it("hides each for its own time, at most ten in a call", async () => {
    const { queue: ingest, sqs } = queue();

    await ingest.hide(hidden(23), always);

    const calls = sqs.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input);
    expect(calls.map(({ Entries = [] }) => Entries.length)).toEqual([10, 10, 3]);
    expect(new Set(calls.map(({ QueueUrl }) => QueueUrl))).toEqual(new Set(["https://queue"]));
    for (const { Entries = [] } of calls)
      expect(new Set(Entries.map(({ Id }) => Id)).size).toBe(Entries.length);
    expect(
      calls
        .flatMap(({ Entries = [] }) => Entries)
        .map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]),
    ).toEqual(hidden(23).map(({ receiptHandle, delaySeconds }) => [receiptHandle, delaySeconds]));
  });

  it("begins no call that there is no time for", async () => {
    const { queue: ingest, sqs } = queue();
    let left = 1;

    await ingest.hide(hidden(23), () => left-- > 0);

    expect(sqs.commandCalls(ChangeMessageVisibilityBatchCommand)).toHaveLength(1);
  });

  it("calls nobody for no messages", async () => {
    const { queue: ingest, sqs } = queue();

    await ingest.hide([], always);

    expect(sqs.calls()).toEqual([]);
  });

  it("does its best: what was not hidden is logged by number", async () => {
    const { queue: ingest, sqs, log } = queue();
    sqs
      .on(ChangeMessageVisibilityBatchCommand)
      .callsFake(async ({ Entries = [] }: ChangeMessageVisibilityBatchCommandInput) => {
        if (Entries.length < 10) throw awsError("RequestThrottled", "CANARY");
        return {
          Failed: [{ Id: "0", Code: "ReceiptHandleIsInvalid", Message: "CANARY", SenderFault: true }],
        };
      });

    await ingest.hide(hidden(14), always);

    const numbers = log.lines.map(({ level, fields }) => [level, fields?.["messages"]]);
    expect(numbers.sort()).toEqual([
      ["warn", 1],
      ["warn", 4],
    ]);
    expect(JSON.stringify(log.lines)).not.toMatch(/CANARY|receipt-/);
  });
});

describe("sending messages", () => {
  it("sends each with its group and delay", async () => {
    const { queue: ingest, sqs } = queue();

    const notTaken = await ingest.send(messages(12));

    expect(notTaken).toEqual([]);
    expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual(
      messages(12).map(({ body, delaySeconds }) => ({
        QueueUrl: "https://queue",
        MessageBody: body,
        MessageGroupId: "acme",
        DelaySeconds: delaySeconds,
      })),
    );
  });

  it("reports what was not taken by index, whatever the order of the answers", async () => {
    const { queue: ingest, sqs, log } = queue();
    sqs.on(SendMessageCommand).callsFake(async ({ MessageBody = "" }: SendMessageCommandInput) => {
      if (["body-3", "body-11"].includes(MessageBody)) throw awsError("InternalError", MessageBody);
      return { MessageId: "sent" };
    });

    const notTaken = await ingest.send(messages(12));

    expect([...notTaken].sort((a, b) => a - b)).toEqual([3, 11]);
    expect(log.lines.map(({ level }) => level)).toEqual(["error", "error"]);
    expect(JSON.stringify(log.lines)).not.toContain("body-");
  });
});

describe("a message that may be sent twice", () => {
  it("is sent again after growing pauses until the queue takes it", async () => {
    const { queue: ingest, sqs, time } = queue();
    sqs
      .on(SendMessageCommand)
      .rejectsOnce(awsError("RequestThrottled"))
      .rejectsOnce(awsError("TimeoutError"))
      .resolves({ MessageId: "sent" });

    const notTaken = await ingest.send(messages(1), always);

    expect(notTaken).toEqual([]);
    expect(time.slept).toEqual([100, 200]);
  });

  it("is given up when there is no time left", async () => {
    const { queue: ingest, sqs, time } = queue();
    sqs.on(SendMessageCommand).rejects(awsError("RequestThrottled"));

    const notTaken = await ingest.send(messages(1), () => false);

    expect(notTaken).toEqual([0]);
    expect(time.slept).toEqual([]);
  });
});

describe("messages beyond those that are sent at once", () => {
  it("are not begun after one was not taken when there is no time for another try", async () => {
    const { queue: ingest, sqs } = queue();
    sqs.on(SendMessageCommand).rejectsOnce(awsError("TimeoutError")).resolves({ MessageId: "sent" });

    const notTaken = await ingest.send(messages(20), () => false);

    const begun = sqs.commandCalls(SendMessageCommand).length;
    expect(begun).toBeLessThan(20);
    expect(notTaken).toHaveLength(20 - begun + 1);
  });

  it("are sent all the same while there is time", async () => {
    const { queue: ingest, sqs } = queue();
    sqs.on(SendMessageCommand).callsFake(async ({ MessageBody = "" }: SendMessageCommandInput) => {
      if (MessageBody === "body-0") throw awsError("InvalidMessageContents");
      return { MessageId: "sent" };
    });

    expect(await ingest.send(messages(40), always)).toEqual([0]);
  });
});

describe("hidden messages", () => {
  it("are counted for all tenants, and asked for every ten seconds at most", async () => {
    const { queue: ingest, sqs, time } = queue();
    sqs
      .on(GetQueueAttributesCommand)
      .resolvesOnce({ Attributes: { ApproximateNumberOfMessagesNotVisible: "41000" } })
      .resolves({ Attributes: { ApproximateNumberOfMessagesNotVisible: "7" } });

    const counts = [await ingest.hiddenMessages(), await ingest.hiddenMessages()];
    time.nowMs += 10_000;
    counts.push(await ingest.hiddenMessages());

    expect(counts).toEqual([41_000, 41_000, 7]);
  });

  it("count as none where it cannot be told", async () => {
    const { queue: ingest, sqs, log } = queue();
    sqs.on(GetQueueAttributesCommand).rejects(awsError("RequestThrottled"));

    expect(await ingest.hiddenMessages()).toBe(0);
    expect(log.lines).toMatchObject([{ level: "warn" }]);
  });
});
