import { Duration, Stack } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { describe, expect, it } from "vitest";
import { IngestQueue, type IngestQueueProps } from "../../../infra/constructs/ingest-queue.ts";
import { stageOf } from "../../../infra/stages.ts";
import { withApp } from "../synthesize.ts";

function ingestQueue(props: Partial<IngestQueueProps>): IngestQueue {
  return withApp((app) => {
    const stack = new Stack(app, "stack");
    return new IngestQueue(stack, "Ingest", {
      consumerTimeout: Duration.seconds(60),
      longestDelay: Duration.seconds(900),
      holdAfterReceives: 300,
      encryptionKey: new Key(stack, "Key"),
      ...props,
    });
  });
}

describe("the receive-count arithmetic", () => {
  it.each(["local", "dev", "production"])(
    "lets no healthy message of stage %s meet the retention of 14 days",
    (name) => {
      const { holdAfterReceives, backoffMax, maxLine } = stageOf(name).deliver;

      const longestSeconds = Math.max(backoffMax.toSeconds(), maxLine.toSeconds());
      const longestHiddenDays = (holdAfterReceives * longestSeconds) / 86_400;

      expect(longestHiddenDays).toBeLessThan(14 / 2);
    },
  );

  it("refuses a count that SQS does not take", () => {
    expect(() => ingestQueue({ holdAfterReceives: 901, longestDelay: Duration.seconds(1) })).toThrow("1000");
  });

  it("refuses a delay that a frozen message, which is a new one, cannot have", () => {
    expect(() => ingestQueue({ longestDelay: Duration.seconds(901) })).toThrow("900 s");
  });

  it("refuses delays that bring a message near the retention", () => {
    expect(() => ingestQueue({ holdAfterReceives: 700 })).toThrow("retention of 14 days");
  });

  it("counts the visibility timeout where it hides a message longer than a delay does", () => {
    expect(() => ingestQueue({ consumerTimeout: Duration.minutes(15) })).toThrow("5400 s");
  });
});
