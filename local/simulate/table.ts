import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type GetItemCommand,
  type GetItemCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DYNAMO_MS, draw } from "./model.ts";
import type { Usage } from "./usage.ts";
import type { VirtualClock } from "./virtual-clock.ts";

type Item = NonNullable<GetItemCommandOutput["Item"]>;

/** Bytes of an item's key and of its numbers. */
const ITEM_OVERHEAD_BYTES = 120;

/**
 * The table as far as flow states and claims use it: reads, and updates that set attributes, conditional on a version or not at all.
 * A call takes effect halfway between its beginning and its end, so that others come in between.
 */
export class SimTable {
  readonly #items = new Map<string, Item>();
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #usage: Usage;
  readonly #tellsOthers: boolean;
  /** Updates that somebody else was faster than. */
  conflicts = 0;

  /** @param tellsOthers - Whether a refused update tells what others left, when asked to. DynamoDB does, not every emulator. */
  constructor(clock: VirtualClock, random: () => number, usage: Usage, tellsOthers = true) {
    this.#clock = clock;
    this.#random = random;
    this.#usage = usage;
    this.#tellsOthers = tellsOthers;
  }

  /** What the adapters call; they use nothing else of a client. */
  get client(): DynamoDBClient {
    return this as unknown as DynamoDBClient;
  }

  async send(command: GetItemCommand | UpdateItemCommand): Promise<object> {
    const legMs = draw(DYNAMO_MS, this.#random) / 2;
    await this.#clock.sleep(legMs);
    const done = command instanceof UpdateItemCommand ? this.#update(command) : this.#get(command);
    await this.#clock.sleep(legMs);
    if (done instanceof Error) throw done;
    return done;
  }

  #get({ input }: GetItemCommand): object {
    const item = this.#items.get(nameOf(input.Key));
    this.#usage.dynamoRead(bytesOf(item), input.ConsistentRead === true);
    return item ? { Item: item } : {};
  }

  /** Knows the conditions of `DynamoFlowStore`: a version that has to be as it was, or a time that has to be later. */
  #update({ input }: UpdateItemCommand): object {
    const values = input.ExpressionAttributeValues ?? {};
    const name = nameOf(input.Key);
    const known = this.#items.get(name);
    const isBlock = values[":until"] !== undefined;
    const item = changed(known, input);
    this.#usage.dynamoWrite(bytesOf(item));
    const isOutdated = isBlock
      ? Number(known?.["blockedUntilMs"]?.N ?? -1) >= Number(values[":until"]?.N)
      : known?.["version"]?.N !== values[":version"]?.N;
    if (input.ConditionExpression !== undefined && isOutdated) {
      this.conflicts++;
      const isTold = this.#tellsOthers && input.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
      return new ConditionalCheckFailedException({
        $metadata: {},
        message: "The conditional request failed",
        ...(isTold && known && { Item: known }),
      });
    }
    this.#items.set(name, item);
    return known && input.ReturnValues === "ALL_OLD" ? { Attributes: known } : {};
  }
}

const NO_BYTES = new Uint8Array();

/** The item after `SET a = :b, #c = :d`, or `REMOVE #a`. */
function changed(item: Item | undefined, input: UpdateItemCommand["input"]): Item {
  const { UpdateExpression = "", ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  const [verb = "", ...rest] = UpdateExpression.split(" ");
  const after: Item = { ...item };
  for (const part of rest.join(" ").split(", ")) {
    const [name = "", value = ""] = part.split(" = ");
    if (verb === "REMOVE") delete after[names?.[name] ?? name];
    else after[names?.[name] ?? name] = values?.[value] ?? { NULL: true };
  }
  return after;
}

function nameOf(key: Item | undefined): string {
  return `${key?.["pk"]?.S} ${key?.["sk"]?.S}`;
}

function bytesOf(item: Item | undefined): number {
  let bytes = ITEM_OVERHEAD_BYTES;
  for (const [name, { S = "", B = NO_BYTES }] of Object.entries(item ?? {}))
    bytes += name.length + S.length + B.length;
  return bytes;
}
