import {
  type AttributeValue,
  type DynamoDBClient,
  type GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DynamoMessageClaims } from "../../shared/aws/claim-store.ts";
import { claimKey, claimPlace } from "../../shared/core/claims/claim-key.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";

/** What an owner may use, and the time after it by which nobody hears of it any more. */
const LIFE_MS = 60_000;
const GRACE_MS = 5_000;

const MESSAGES = ["a", "b", "c"];

/** One invocation: what it is handed, and what becomes of it. */
interface Plan {
  readonly messages: readonly string[];
  /** Of those that it may handle, it gives these back. */
  readonly givesBack: readonly string[];
  /** It is killed after so many of its steps. Undefined: it lives. */
  readonly diesAfter: number | undefined;
  /** Each of its writes is carried out twice, the second time at any time later. */
  readonly repeats: boolean;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  messages: fc.subarray(MESSAGES, { minLength: 1 }),
  givesBack: fc.subarray(MESSAGES),
  diesAfter: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  repeats: fc.boolean(),
});

interface Owner {
  readonly deadlineMs: number;
  handled: readonly string[];
  gaveBack: readonly string[];
  /** The table has its word that it came to its end, be the owner alive or dead. */
  hasEnded: boolean;
  /** Messages of which it has taken its claims away again. */
  readonly left: Set<string>;
}

/** The table, one atomic call at a time, in whatever order the scheduler lets calls arrive and answers come back. */
class World {
  nowMs = NOW_MS;
  readonly owners: Owner[] = [];
  readonly faults: string[] = [];
  /** Owners in an item from which on claims are taken back. */
  readonly crowdedOwners: number;
  readonly #items = new Map<string, Record<string, AttributeValue>>();
  readonly #scheduler: fc.Scheduler;

  constructor(scheduler: fc.Scheduler, crowdedOwners: number) {
    this.crowdedOwners = crowdedOwners;
    this.#scheduler = scheduler;
  }

  /** A step that happens at a time of the scheduler's choice. */
  async moment(label: string): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), label);
  }

  #call(owner: Owner, command: GetItemCommand | UpdateItemCommand): object {
    const { input } = command;
    const name = `${input.Key?.["pk"]?.S}`;
    const known = this.#items.get(name);
    if (!(command instanceof UpdateItemCommand)) return known ? { Item: known } : {};
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = command.input;
    const { UpdateExpression = "" } = command.input;
    if (UpdateExpression === "REMOVE #owner") {
      const { [names["#owner"] ?? ""]: _, ...rest } = known ?? {};
      this.#items.set(name, rest);
      // An item holds the messages of one shard of a second.
      for (const message of MESSAGES)
        if (`claims#${claimPlace(claimKey(message), NOW_MS)}` === name) owner.left.add(message);
      return {};
    }
    const set = UpdateExpression.slice("SET ".length).split(", ");
    const changes = set.map((part) => {
      const [attribute = "", value = ""] = part.split(" = ");
      return [names[attribute] ?? attribute, values[value]];
    });
    this.#items.set(name, { ...known, ...Object.fromEntries(changes) });
    if (name.startsWith("invocation#")) owner.hasEnded = true;
    return known ? { Attributes: known } : {};
  }

  #clientOf(owner: Owner, repeats: boolean): DynamoDBClient {
    const send = async (command: GetItemCommand | UpdateItemCommand) => {
      await this.moment("call");
      // What a dead process sent arrives soon or never.
      if (this.nowMs > owner.deadlineMs + GRACE_MS) return await new Promise(() => {});
      const first = this.#call(owner, command);
      await this.moment("answer");
      if (!repeats || this.nowMs > owner.deadlineMs) return first;
      const second = this.#call(owner, command);
      await this.moment("second answer");
      return second;
    };
    return { send } as unknown as DynamoDBClient;
  }

  /** @returns the verdicts. */
  async invoke({ messages, givesBack, diesAfter = Number.POSITIVE_INFINITY, repeats }: Plan) {
    const deadlineMs = this.nowMs + LIFE_MS;
    const owner: Owner = { deadlineMs, handled: [], gaveBack: [], hasEnded: false, left: new Set() };
    const name = this.owners.push(owner);
    const claims = new DynamoMessageClaims({
      client: this.#clientOf(owner, repeats),
      tableName: "table",
      clock: { nowMs: () => this.nowMs },
      log: capturedLog(),
      uniqueId: () => String(name),
      crowdedOwners: this.crowdedOwners,
    });
    const isDead = (steps: number) => steps >= diesAfter || this.nowMs > deadlineMs;

    const { verdicts, end } = await claims.claim(
      messages.map((messageId) => ({ messageId, sentAtMs: NOW_MS })),
      deadlineMs,
      () => true,
    );
    if (isDead(0)) return [];
    const judged = (kind: string) => messages.filter((_, i) => verdicts[i]?.kind === kind);
    for (const message of judged("mine")) this.#assertFree(message);
    for (const message of judged("done"))
      if (!this.wasHandled(message)) this.faults.push(`${message} is taken for done`);
    owner.handled = judged("mine");

    await this.moment("handle");
    if (isDead(1)) return [];
    owner.gaveBack = [...judged("busy"), ...judged("mine").filter((message) => givesBack.includes(message))];
    const ending = end(owner.gaveBack);
    // Killed while its word is on its way.
    if (isDead(2)) return [];
    await ending;
    return verdicts;
  }

  /** Whoever was given the message before gave it back and said so, or has no time left. */
  #assertFree(message: string): void {
    for (const { handled, hasEnded, left, gaveBack, deadlineMs } of this.owners) {
      if (!handled.includes(message)) continue;
      const hasSaid = hasEnded || left.has(message);
      const isFree = hasSaid ? gaveBack.includes(message) : this.nowMs >= deadlineMs + GRACE_MS;
      if (!isFree) this.faults.push(`${message} is with two owners`);
    }
  }

  /** Somebody did all that there was to do with the message, and said so. */
  wasHandled(message: string): boolean {
    return this.owners.some(
      ({ handled, gaveBack, hasEnded }) =>
        hasEnded && handled.includes(message) && !gaveBack.includes(message),
    );
  }
}

describe("claims, in whatever order calls arrive, owners die and messages come again", () => {
  it("never let two owners handle a message, and never hide one that nobody handled to the end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(plan, { minLength: 2, maxLength: 6 }),
        fc.array(fc.integer({ min: 1_000, max: 70_000 }), { maxLength: 4 }),
        fc.integer({ min: 0, max: 2 }),
        async (scheduler, plans, pauses, crowdedOwners) => {
          const world = new World(scheduler, crowdedOwners);
          for (const each of plans) void world.moment("invoke").then(() => world.invoke(each));
          for (const ms of pauses)
            void world.moment("time passes").then(() => {
              world.nowMs += ms;
            });
          await scheduler.waitIdle();
          expect(world.faults).toEqual([]);

          const expected = MESSAGES.map((message) => (world.wasHandled(message) ? "done" : "mine"));
          world.nowMs += LIFE_MS + GRACE_MS;
          const last = world.invoke({
            messages: MESSAGES,
            givesBack: [],
            diesAfter: undefined,
            repeats: false,
          });
          await scheduler.waitIdle();
          const verdicts = await last;
          expect(verdicts.map(({ kind }) => kind)).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
