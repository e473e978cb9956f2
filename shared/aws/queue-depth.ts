import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueDepth } from "../ports.ts";

/** Where a message on a queue may be: to be received, received and hidden, or not due yet. */
const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

export interface SqsQueueDepthOptions {
  readonly client: SQSClient;
  readonly queueUrls: readonly string[];
}

/** SQS counts approximately, and is right about a minute after nothing more is sent. */
export class SqsQueueDepth implements QueueDepth {
  readonly #options: SqsQueueDepthOptions;

  constructor(options: SqsQueueDepthOptions) {
    this.#options = options;
  }

  async messages(): Promise<number> {
    const { client, queueUrls } = this.#options;
    const depths = await Promise.all(
      queueUrls.map(async (QueueUrl) => {
        const { Attributes } = await client.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
        );
        return COUNTS.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
      }),
    );
    return depths.reduce((sum, depth) => sum + depth, 0);
  }
}
