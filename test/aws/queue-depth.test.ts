import { GetQueueAttributesCommand, type GetQueueAttributesCommandInput } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { SqsQueueDepth } from "../../shared/aws/queue-depth.ts";
import { awsError, sqsClient } from "../support/clients.ts";

function queues(attributes: Record<string, Record<string, string>>) {
  const client = sqsClient();
  mockClient(client)
    .on(GetQueueAttributesCommand)
    .callsFake(async ({ QueueUrl = "", AttributeNames = [] }: GetQueueAttributesCommandInput) => {
      const own = attributes[QueueUrl];
      if (!own) throw awsError("QueueDoesNotExist");
      return { Attributes: Object.fromEntries(AttributeNames.map((name) => [name, own[name] ?? "0"])) };
    });
  return new SqsQueueDepth({
    client,
    liveUrl: "https://live",
    otherUrls: ["https://backfill", "https://dead"],
  });
}

describe("the depth of the queues", () => {
  it("counts messages that are visible, hidden or delayed, those of the live queue apart", async () => {
    const depth = queues({
      "https://live": {
        ApproximateNumberOfMessages: "1",
        ApproximateNumberOfMessagesNotVisible: "20",
        ApproximateNumberOfMessagesDelayed: "300",
        DelaySeconds: "5000",
      },
      "https://backfill": { ApproximateNumberOfMessages: "40000" },
      "https://dead": { ApproximateNumberOfMessages: "2" },
    });

    expect(await depth.messages()).toEqual({ live: 321, others: 40_002 });
  });

  it("is not told when one of them cannot be counted", async () => {
    const depth = queues({ "https://live": {} });

    await expect(depth.messages()).rejects.toThrow();
  });
});
