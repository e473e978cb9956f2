import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueDepth, QueuedMessages } from "../ports.ts";

/** Where a message on a queue may be: to be received, received and hidden, or not due yet. */
const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

export interface SqsQueueDepthOptions {
  readonly client: SQSClient;
  /** The queue of live events. */
  readonly liveUrl: string;
  /** Every other one that events may wait on. */
  readonly otherUrls: readonly string[];
}

/** SQS counts approximately, and is right about a minute after nothing more is sent. */
export class SqsQueueDepth implements QueueDepth {
  readonly #options: SqsQueueDepthOptions;

  constructor(options: SqsQueueDepthOptions) {
    this.#options = options;
  }

  async messages(): Promise<QueuedMessages> {
    const { liveUrl, otherUrls } = this.#options;
    const [live = 0, ...others] = await Promise.all([liveUrl, ...otherUrls].map((url) => this.#depthOf(url)));
    return { live, others: others.reduce((sum, depth) => sum + depth, 0) };
  }

  async #depthOf(QueueUrl: string): Promise<number> {
    const { Attributes } = await this.#options.client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
    );
    return COUNTS.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
  }
}
