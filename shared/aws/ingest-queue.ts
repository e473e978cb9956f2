import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import pLimit from "p-limit";
import { nameOf } from "../core/error-name.ts";
import { MAX_QUEUE_ENTRIES } from "../core/limits.ts";
import type { Clock, IngestQueue, Log } from "../ports.ts";
import { ExpiringCache } from "./expiring-cache.ts";

/** Milliseconds for which a count of hidden messages serves; SQS itself is some seconds behind. */
const HIDDEN_CACHE_MS = 10_000;

/** Sends of one message, where sending it twice does no harm, and the first pause between them in milliseconds. */
const MAX_SENDS = 5;
const SEND_AGAIN_MS = 100;

/** Calls to SQS at once. */
const CONCURRENT_CALLS = 16;

export interface SqsIngestQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly clock: Pick<Clock, "nowMs" | "sleep">;
  readonly log: Log;
}

/** The queue that feeds the function. */
export class SqsIngestQueue implements IngestQueue {
  readonly #options: SqsIngestQueueOptions;

  readonly #hidden: ExpiringCache<number>;

  constructor(options: SqsIngestQueueOptions) {
    this.#options = options;
    this.#hidden = new ExpiringCache({ ttlMs: () => HIDDEN_CACHE_MS, clock: options.clock });
  }

  async hide(
    messages: readonly { receiptHandle: string; delaySeconds: number }[],
    mayGoOn: () => boolean,
  ): Promise<void> {
    const { client, queueUrl: QueueUrl, log } = this.#options;
    const room = pLimit(CONCURRENT_CALLS);
    const calls = chunks(messages, MAX_QUEUE_ENTRIES).map((chunk) =>
      room(async () => {
        if (!mayGoOn()) return;
        const Entries = chunk.map(({ receiptHandle, delaySeconds }, i) => ({
          Id: String(i),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delaySeconds,
        }));
        try {
          const { Failed = [] } = await client.send(
            new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }),
          );
          if (Failed.length > 0)
            log.warn("Messages keep the queue's own visibility timeout", { messages: Failed.length });
        } catch (error) {
          log.warn("Messages keep the queue's own visibility timeout", {
            messages: chunk.length,
            error: nameOf(error),
          });
        }
      }),
    );
    await Promise.all(calls);
  }

  async hiddenMessages(): Promise<number> {
    const { log } = this.#options;
    try {
      return await this.#hidden.get("messages", () => this.#countHidden());
    } catch (error) {
      log.warn("It cannot be told how many messages are hidden", { error: nameOf(error) });
      return 0;
    }
  }

  async #countHidden(): Promise<number> {
    const { client, queueUrl: QueueUrl } = this.#options;
    const name = "ApproximateNumberOfMessagesNotVisible";
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
    );
    return Number(Attributes?.[name] ?? 0);
  }

  async send(
    messages: readonly { body: string; groupId: string; delaySeconds: number }[],
    mayRepeat: () => boolean = () => false,
  ): Promise<readonly number[]> {
    const room = pLimit(CONCURRENT_CALLS);
    let hasFailed = false;
    const sendOne = async (message: (typeof messages)[number]) => {
      // A queue that does not answer takes the whole of a call's time: what is not begun can still go elsewhere.
      const isTaken = (!hasFailed || mayRepeat()) && (await this.#sendOne(message, mayRepeat));
      hasFailed ||= !isTaken;
      return isTaken;
    };
    // One by one: a frozen request is up to half of what a batch call may hold, and has an answer of its own this way.
    const notTaken = await Promise.all(
      messages.map((message, i) => room(async () => ((await sendOne(message)) ? [] : [i]))),
    );
    return notTaken.flat();
  }

  async #sendOne(
    { body, groupId, delaySeconds }: { body: string; groupId: string; delaySeconds: number },
    mayRepeat: () => boolean,
  ): Promise<boolean> {
    const { client, queueUrl, clock, log } = this.#options;
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageGroupId: groupId,
      DelaySeconds: delaySeconds,
    });
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(command);
        return true;
      } catch (error) {
        log.error("The queue did not take a message", { attempt, error: nameOf(error) });
        if (attempt >= MAX_SENDS || !mayRepeat()) return false;
        await clock.sleep(SEND_AGAIN_MS * 2 ** (attempt - 1));
      }
    }
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
