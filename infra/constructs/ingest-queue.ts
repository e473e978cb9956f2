import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** The Lambda guide's advice: room for retries of a throttled invocation before a message shows up again. */
const VISIBILITY_TIMEOUTS_PER_RUN = 6;

/**
 * Receives a message may spend beyond the hold limit before the queue gives up on it: 25 hours in which parking fails
 * at 15 minutes a time, or this many crashes of an invocation that a bad neighbour was in too.
 */
const RECEIVES_BEYOND_HOLD = 100;

/** SQS: the most that a redrive policy takes. */
const MAX_RECEIVE_COUNT_LIMIT = 1000;

/** SQS: the longest that a queue keeps a message. */
const RETENTION = Duration.days(14);

export interface IngestQueueProps {
  /** Longest run of the consuming function; the visibility timeout is six times this. */
  readonly consumerTimeout: Duration;
  /** Longest time that the consumer hides a message it defers. */
  readonly longestDelay: Duration;
  /** Receives after which the consumer parks a message as held, so that it leaves the queue. */
  readonly holdAfterReceives: number;
  readonly encryptionKey: IKey;
}

/**
 * The queue that partner platforms send to, with its dead-letter queue.
 *
 * Receive counts. Throttling and outages cost a message receives: each time it goes back with a delay of up to
 * `longestDelay`. So the count alone must never dead-letter a healthy message:
 *
 * - after `holdAfterReceives` the consumer parks it in the bucket: 300 x 900 s = 3.1 days; mParticle may ask for longer
 *   delays than 900 s, at most 12 hours each, but what is older than 7 days is parked whatever its count;
 * - only a message that neither can be delivered nor parked, or whose invocation crashes, is received more often. It
 *   becomes a dead letter after 300 + 100 = 400: 400 x 900 s = 4.2 days, well before the queue's 14 days of retention
 *   would delete it.
 *
 * A message that crashes every invocation is hidden for the visibility timeout each time (360 s for a run of 60 s), so
 * it costs one invocation per 6 minutes for 40 hours at most; the alarm on function errors speaks after the first ones.
 * Messages that are in its invocation every time come with it to the dead-letter queue, and back with a redrive.
 */
export class IngestQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  /** Time until a message comes back whose invocation crashed. */
  readonly visibilityTimeout: Duration;

  constructor(scope: Construct, id: string, props: IngestQueueProps) {
    super(scope, id);
    this.visibilityTimeout = Duration.seconds(
      props.consumerTimeout.toSeconds() * VISIBILITY_TIMEOUTS_PER_RUN,
    );
    const maxReceiveCount = props.holdAfterReceives + RECEIVES_BEYOND_HOLD;
    assertReceiveCount(
      maxReceiveCount,
      Duration.seconds(Math.max(props.longestDelay.toSeconds(), this.visibilityTimeout.toSeconds())),
    );

    const common = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      // Publishers and the consumer call KMS once an hour each instead of every five minutes.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: RETENTION,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.deadLetterQueue = new Queue(this, "DeadLetters", common);
    this.queue = new Queue(this, "Queue", {
      ...common,
      visibilityTimeout: this.visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
  }
}

function assertReceiveCount(maxReceiveCount: number, longestHidden: Duration): void {
  if (maxReceiveCount > MAX_RECEIVE_COUNT_LIMIT) {
    throw new RangeError(
      `maxReceiveCount ${maxReceiveCount} is more than SQS takes (${MAX_RECEIVE_COUNT_LIMIT})`,
    );
  }
  // Half of the retention: the other half is for time spent visible, waiting to be received.
  if (maxReceiveCount * longestHidden.toSeconds() > RETENTION.toSeconds() / 2) {
    throw new RangeError(
      `${maxReceiveCount} receives of up to ${longestHidden.toSeconds()} s each come too near the retention of ${RETENTION.toDays()} days`,
    );
  }
}
