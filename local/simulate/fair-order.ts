import { Deque } from "./deque.ts";
import type { Backlog, QueueMessage } from "./queue.ts";

/**
 * A tenant is a noisy neighbour with more than this share of the messages in flight, and at least so many. SQS also looks at the
 * share of processing time; without that, quiet tenants are protected less here.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
const NOISY_SHARE = 0.1;
const NOISY_MESSAGES = 30;

/** Milliseconds without a message sent after which a tenant is no noisy neighbour any more. The same page. */
const NOISY_FORGOTTEN_MS = 300_000;

interface Group<Body> {
  inFlight: number;
  isNoisy: boolean;
  lastSentAtMs: number;
  /** Visible messages that are not in the common order. */
  readonly own: Deque<QueueMessage<Body>>;
  backlog: (Backlog<Body> & { next: number }) | undefined;
}

/**
 * The order in which a fair queue hands out visible messages: those of quiet groups as they became visible, then those of noisy ones,
 * the least noisy first. Each step takes the same time however many messages there are.
 */
export class FairOrder<Body> {
  readonly #groups = new Map<number, Group<Body>>();
  /** Groups with visible messages of their own order: noisy ones, and those with a backlog. */
  readonly #apart = new Set<Group<Body>>();
  /** Visible messages of all others, in the order in which they became visible. */
  readonly #order = new Deque<QueueMessage<Body>>();
  /** Messages of all groups. */
  inFlight = 0;

  /** A message was sent. */
  noteSent(group: number, atMs: number): void {
    this.#groupOf(group).lastSentAtMs = atMs;
  }

  addBacklog(backlog: Backlog<Body>): void {
    const group = this.#groupOf(backlog.group);
    group.backlog = { ...backlog, next: 0 };
    this.#apart.add(group);
  }

  /** A message became visible. */
  add(message: QueueMessage<Body>): void {
    const group = this.#groupOf(message.group);
    if (this.#apart.has(group)) group.own.push(message);
    else this.#order.push(message);
  }

  /** A message was received (1), or is in flight no more (-1). */
  count(group: number, by: 1 | -1): void {
    this.#groupOf(group).inFlight += by;
    this.inFlight += by;
  }

  /** Takes the next one. @param make - Makes a backlog's message. */
  next(
    nowMs: number,
    make: (backlog: Backlog<Body>, index: number) => QueueMessage<Body>,
  ): QueueMessage<Body> | undefined {
    for (;;) {
      let oldest: Group<Body> | undefined;
      let leastNoisy: Group<Body> | undefined;
      for (const group of this.#apart) {
        if (visibleSince(group) === undefined) {
          this.#apart.delete(group);
          group.isNoisy = false;
          continue;
        }
        if (!this.#judge(group, nowMs)) oldest = older(group, oldest);
        else if (!leastNoisy || group.inFlight < leastNoisy.inFlight) leastNoisy = group;
      }
      const first = this.#order.first;
      if (oldest && (!first || (visibleSince(oldest) ?? 0) <= first.visibleAtMs))
        return takeOwn(oldest, make);
      if (!first) return leastNoisy && takeOwn(leastNoisy, make);
      this.#order.shift();
      const group = this.#groupOf(first.group);
      // What waited in the common order before its group became noisy has to wait with the others of its group now.
      if (!this.#judge(group, nowMs)) return first;
      this.#apart.add(group);
      group.own.push(first);
    }
  }

  /** Messages of backlogs that nobody has received. */
  *unmade(): Iterable<Body> {
    for (const { backlog } of this.#groups.values())
      for (let i = backlog?.next ?? 0; backlog && i < backlog.messages; i++) yield backlog.make(i).body;
  }

  /** @returns whether the group is a noisy neighbour. */
  #judge(group: Group<Body>, nowMs: number): boolean {
    const isForgotten = nowMs - group.lastSentAtMs >= NOISY_FORGOTTEN_MS;
    const hasTooMuch = group.inFlight >= NOISY_MESSAGES && group.inFlight > NOISY_SHARE * this.inFlight;
    group.isNoisy = !isForgotten && (group.isNoisy || hasTooMuch);
    return group.isNoisy;
  }

  #groupOf(id: number): Group<Body> {
    const known = this.#groups.get(id);
    if (known) return known;
    const own = new Deque<QueueMessage<Body>>();
    const group: Group<Body> = { inFlight: 0, isNoisy: false, lastSentAtMs: 0, own, backlog: undefined };
    this.#groups.set(id, group);
    return group;
  }
}

function takeOwn<Body>(
  { own, backlog }: Group<Body>,
  make: (backlog: Backlog<Body>, index: number) => QueueMessage<Body>,
): QueueMessage<Body> | undefined {
  return backlog && backlog.next < backlog.messages ? make(backlog, backlog.next++) : own.shift();
}

/** When the first of a group's own visible messages became visible; a backlog was there before everything. */
function visibleSince<Body>({ own, backlog }: Group<Body>): number | undefined {
  return backlog && backlog.next < backlog.messages ? 0 : own.first?.visibleAtMs;
}

function older<Body>(group: Group<Body>, other: Group<Body> | undefined): Group<Body> {
  return other && (visibleSince(other) ?? 0) <= (visibleSince(group) ?? 0) ? other : group;
}
