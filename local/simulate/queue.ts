import { Deque } from "./deque.ts";
import { FairOrder } from "./fair-order.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** SQS: messages of a standard queue that may be received and not deleted. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
export const IN_FLIGHT_CAP = 120_000;

export interface QueueMessage<Body> {
  readonly id: number;
  /** MessageGroupId. */
  readonly group: number;
  readonly body: Body;
  readonly bytes: number;
  readonly sentAtMs: number;
  receiveCount: number;
  /** `delayed` messages do not count as in flight. */
  state: "delayed" | "visible" | "inFlight" | "deleted";
  /** When it became visible, or will. */
  visibleAtMs: number;
}

export interface NewMessage<Body> {
  readonly group: number;
  readonly body: Body;
  readonly bytes: number;
}

/** Messages that were sent before anything else, made when they are received. */
export interface Backlog<Body> {
  readonly group: number;
  readonly messages: number;
  /** Epoch milliseconds at which a message was sent. */
  readonly sentAtMs: (index: number) => number;
  readonly make: (index: number) => NewMessage<Body>;
}

interface Waiter {
  readonly resolve: () => void;
  isWaiting: boolean;
}

/** A standard queue as SQS documents it: visibility, delays, receive counts, the cap of messages in flight, fair between groups. */
export class SimQueue<Body> {
  readonly #clock: VirtualClock;
  readonly #visibilityMs: number;
  readonly #order = new FairOrder<Body>();
  /** Received messages in the order in which their visibility timeout ends, unless it was changed since. */
  readonly #timeouts = new Deque<{ readonly message: QueueMessage<Body>; readonly atMs: number }>();
  readonly #messages = new Set<QueueMessage<Body>>();
  readonly #waiters = new Deque<Waiter>();
  /** Messages of backlogs that nobody has received. */
  #backlogged = 0;
  #nextId = 0;
  visible = 0;
  /** Most that ever were. */
  mostInFlight = 0;
  receives = 0;
  /** Messages that were received at least once. */
  messagesHandedOut = 0;

  constructor(clock: VirtualClock, visibilityMs: number) {
    this.#clock = clock;
    this.#visibilityMs = visibilityMs;
  }

  get inFlight(): number {
    return this.#order.inFlight;
  }

  /** Messages that are not deleted, those of backlogs that nobody has received included. */
  get size(): number {
    return this.#messages.size + this.#backlogged;
  }

  send(message: NewMessage<Body>, delaySeconds = 0): void {
    const sentAtMs = this.#clock.nowMs();
    const sent = this.#make(message, sentAtMs, sentAtMs + delaySeconds * 1000);
    this.#order.noteSent(message.group, sentAtMs);
    if (delaySeconds > 0) this.#clock.at(sent.visibleAtMs, () => this.#show(sent));
    else this.#show(sent);
  }

  /** Puts a backlog on the queue whose messages take no room until they are received. One for each group. */
  sendBacklog(backlog: Backlog<Body>): void {
    this.#order.noteSent(backlog.group, this.#clock.nowMs());
    this.#order.addBacklog(backlog);
    this.#backlogged += backlog.messages;
    this.visible += backlog.messages;
    this.#wake(backlog.messages);
  }

  /** Up to so many messages. None: there are none, or too many are in flight. */
  receive(max: number): QueueMessage<Body>[] {
    const nowMs = this.#clock.nowMs();
    const received: QueueMessage<Body>[] = [];
    while (received.length < max && this.inFlight < IN_FLIGHT_CAP) {
      const message = this.#order.next(nowMs, (backlog, index) => {
        this.#backlogged--;
        return this.#make(backlog.make(index), backlog.sentAtMs(index), 0);
      });
      if (!message) break;
      message.state = "inFlight";
      if (message.receiveCount++ === 0) this.messagesHandedOut++;
      message.visibleAtMs = nowMs + this.#visibilityMs;
      this.#timeouts.push({ message, atMs: message.visibleAtMs });
      if (this.#timeouts.length === 1) this.#planTimeout();
      this.#order.count(message.group, 1);
      this.visible--;
      received.push(message);
    }
    this.receives += received.length;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    return received;
  }

  delete(message: QueueMessage<Body>): void {
    if (message.state === "inFlight") this.#land(message);
    message.state = "deleted";
    this.#messages.delete(message);
  }

  /** ChangeMessageVisibility: it stays in flight until then. */
  hide(message: QueueMessage<Body>, seconds: number): void {
    if (message.state !== "inFlight") return;
    message.visibleAtMs = this.#clock.nowMs() + seconds * 1000;
    const { visibleAtMs } = message;
    this.#clock.at(visibleAtMs, () => this.#timeOut(message, visibleAtMs));
  }

  /** Resolves when there may be something to receive, or at an instant. */
  arrival(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.visible > 0 && this.inFlight < IN_FLIGHT_CAP) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { resolve, isWaiting: true };
      this.#waiters.push(waiter);
      if (untilMs === Number.POSITIVE_INFINITY) return;
      this.#clock.at(untilMs, () => {
        waiter.isWaiting = false;
        resolve();
      });
    });
  }

  /** Everything that is on the queue. */
  *contents(): Iterable<Body> {
    for (const { body } of this.#messages) yield body;
    yield* this.#order.unmade();
  }

  #make({ group, body, bytes }: NewMessage<Body>, sentAtMs: number, visibleAtMs: number): QueueMessage<Body> {
    const id = this.#nextId++;
    const message: QueueMessage<Body> = {
      id,
      group,
      body,
      bytes,
      sentAtMs,
      receiveCount: 0,
      state: "delayed",
      visibleAtMs,
    };
    this.#messages.add(message);
    return message;
  }

  #show(message: QueueMessage<Body>): void {
    message.state = "visible";
    this.#order.add(message);
    this.visible++;
    this.#wake(1);
  }

  /** A message is in flight no more. */
  #land({ group }: QueueMessage<Body>): void {
    const wasFull = this.inFlight === IN_FLIGHT_CAP;
    this.#order.count(group, -1);
    if (wasFull) this.#wake(this.visible);
  }

  #timeOut(message: QueueMessage<Body>, atMs: number): void {
    if (message.state !== "inFlight" || message.visibleAtMs !== atMs) return;
    this.#land(message);
    this.#show(message);
  }

  #planTimeout(): void {
    const first = this.#timeouts.first;
    if (first) this.#clock.at(first.atMs, () => this.#timeOutDue());
  }

  #timeOutDue(): void {
    for (let due = this.#timeouts.first; due && due.atMs <= this.#clock.nowMs(); due = this.#timeouts.first) {
      this.#timeouts.shift();
      this.#timeOut(due.message, due.atMs);
    }
    this.#planTimeout();
  }

  #wake(messages: number): void {
    for (let left = messages; left > 0 && this.#waiters.length > 0; ) {
      const waiter = this.#waiters.shift();
      if (!waiter?.isWaiting) continue;
      waiter.resolve();
      left--;
    }
  }
}
