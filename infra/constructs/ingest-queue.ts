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

/** SQS: the longest delay of a new message, and so of a frozen one. */
const MAX_DELAY = Duration.minutes(15);

export interface IngestQueueProps {
  /** Longest run of the consuming function; the visibility timeout is six times this. */
  readonly consumerTimeout: Duration;
  /** Longest time that the consumer hides a message it defers: of a place in line and of the back-off, the longer. */
  readonly longestDelay: Duration;
  /** Receives after which the consumer parks a message as held, so that it leaves the queue. */
  readonly holdAfterReceives: number;
  readonly encryptionKey: IKey;
}

/**
 * A queue that partner platforms send to, with its dead-letter queue.
 *
 * Receive counts. The count alone must never dead-letter a healthy message. What spends receives:
 *
 * - overload: a message that finds no room takes a place in its feed's line and is hidden until its turn, 14 minutes at
 *   most. So it is received when it comes and when it is its turn, and again only where the feed has become slower
 *   meanwhile: two or three times. What would wait longer than that goes to the bucket;
 * - a 429 costs a message one receive and a new place, behind the time that mParticle asks for. Where that is beyond the
 *   end of the line it goes to the bucket too, so no Retry-After is spent in receives;
 * - an outage opens the feed's circuit, and what waits does so in proportion to how long it lasts, 14 minutes at most: a
 *   message is received some ten times in the first ten minutes, then every seven minutes on average, so that 300 receives
 *   take a day and a half;
 * - a store that does not answer: the back-off, which doubles to 15 minutes: 300 receives take more than 2 days;
 * - a copy that another invocation may have: hidden until that one's time is over, and from the eleventh receive on for the
 *   back-off at the least.
 *
 * The last resort of all of them: after `holdAfterReceives`, or 7 days, the consumer parks the message in the bucket, from
 * where it is released by itself. Only a message that neither can be delivered nor parked, or whose invocation crashes, is
 * received more often. It becomes a dead letter after 300 + 100 = 400: at the longest delay each time 400 x 900 s =
 * 4.2 days, well before the queue's 14 days of retention would delete it.
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
    assertDelay(props.longestDelay);
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

function assertDelay(longestDelay: Duration): void {
  if (longestDelay.toSeconds() > MAX_DELAY.toSeconds()) {
    throw new RangeError(
      `A delay of ${longestDelay.toSeconds()} s is longer than that of a new message may be (${MAX_DELAY.toSeconds()} s)`,
    );
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
