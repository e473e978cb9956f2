import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { MAX_ATTEMPTS } from "../core/onboarding/link.ts";
import type { LinkRecord } from "../core/onboarding/link-record.schema.ts";
import { UnreadableRecordError } from "../core/onboarding/unreadable-record.ts";
import { parseLinkRecord } from "../core/validators.ts";
import type { ConnectLinks, LinkLease, LinkPage, LinkProgress, PageRequest } from "../ports-onboarding.ts";
import { type BatchGetOptions, batchGet } from "./batch-get.ts";
import { isWritten } from "./is-written.ts";
import { readable } from "./readable.ts";

/** Seconds that a link is kept after it has expired: who follows it is told so, and not that it never was. */
const KEPT_SECONDS = 30 * 86_400;

type Item = Record<string, AttributeValue>;

/**
 * Connect links. `pk` = `link#<SHA-256 of the token>`, `sk` = `link` is the link: it is found by its token and by nothing else.
 * `pk` = `tenant#<tenantId>`, `sk` = `link#<linkId>` is its entry in the list of its tenant.
 */
export class DynamoConnectLinks implements ConnectLinks {
  readonly #options: BatchGetOptions;

  constructor(options: BatchGetOptions) {
    this.#options = options;
  }

  /** The entry of the list first: no link that works is missing there, to be revoked. */
  async create(link: LinkRecord): Promise<void> {
    const { tenantId, linkId, tokenHash } = link;
    const expiresAt = Math.floor(Date.parse(link.validUntil) / 1000) + KEPT_SECONDS;
    await this.#put({ pk: `tenant#${tenantId}`, sk: `link#${linkId}`, tokenHash, expiresAt });
    await this.#put({ pk: `link#${tokenHash}`, sk: "link", ...link, expiresAt });
  }

  async list(tenantId: string, { limit, after }: PageRequest): Promise<LinkPage> {
    const { client, tableName } = this.#options;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        // "link$" lies behind all that begins with "link#".
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":pk": { S: `tenant#${tenantId}` },
          // "!" sorts before all that an id may hold: the first place after the one that is given.
          ":from": { S: after === undefined ? "link#" : `link#${after}!` },
          ":to": { S: "link$" },
        },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    const idByHash = new Map(Items.map(({ tokenHash, sk }) => [tokenHash?.S ?? "", linkIdOf(sk)]));
    const links = await batchGet(Array.from(idByHash.keys(), keyOf), this.#options);
    const entries: LinkRecord[] = [];
    const unreadable: string[] = [];
    for (const link of links) {
      const id = idByHash.get(link["pk"]?.S?.slice("link#".length) ?? "") ?? "";
      try {
        entries.push(linkIn(link, id));
      } catch (error) {
        if (!(error instanceof UnreadableRecordError)) throw error;
        unreadable.push(id);
      }
    }
    entries.sort((a, b) => (a.linkId < b.linkId ? -1 : 1));
    const next = LastEvaluatedKey && linkIdOf(LastEvaluatedKey["sk"]);
    return { entries, unreadable, ...(next !== undefined && { next }) };
  }

  async find(tenantId: string, linkId: string): Promise<LinkRecord | undefined> {
    const entry = await this.#read({ pk: { S: `tenant#${tenantId}` }, sk: { S: `link#${linkId}` } });
    const tokenHash = entry?.["tokenHash"]?.S;
    return tokenHash === undefined ? undefined : this.findByHash(tokenHash);
  }

  async findByHash(tokenHash: string): Promise<LinkRecord | undefined> {
    const item = await this.#read(keyOf(tokenHash));
    return item && linkIn(item, item["linkId"]?.S ?? "");
  }

  async revokeUnread(tenantId: string, linkId: string, at: string): Promise<void> {
    const entry = await this.#read({ pk: { S: `tenant#${tenantId}` }, sk: { S: `link#${linkId}` } });
    const tokenHash = entry?.["tokenHash"]?.S;
    if (tokenHash !== undefined) await this.revoke({ tokenHash }, at);
  }

  revoke(link: Pick<LinkRecord, "tokenHash">, at: string): Promise<boolean> {
    return this.#update(link, {
      UpdateExpression: "SET revokedAt = if_not_exists(revokedAt, :at)",
      ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(usedAt)",
      ExpressionAttributeValues: { ":at": { S: at } },
    });
  }

  complete(link: LinkRecord, at: string): Promise<boolean> {
    return this.#update(link, {
      UpdateExpression: "SET usedAt = :at",
      ConditionExpression:
        "attribute_exists(pk) AND attribute_not_exists(usedAt) AND attribute_not_exists(revokedAt)",
      ExpressionAttributeValues: { ":at": { S: at } },
    });
  }

  async forget({ tenantId, linkId }: Pick<LinkRecord, "tenantId" | "linkId">): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    const Key = { pk: { S: `tenant#${tenantId}` }, sk: { S: `link#${linkId}` } };
    await client.send(new DeleteItemCommand({ TableName, Key }));
  }

  reserve(link: LinkRecord, { id, nowMs, untilMs }: LinkLease): Promise<boolean> {
    return this.#update(link, {
      UpdateExpression: "SET leaseId = :id, leaseUntilMs = :until ADD attempts :one",
      ConditionExpression: [
        "attribute_not_exists(usedAt)",
        "attribute_not_exists(revokedAt)",
        "validUntil > :now",
        "attempts < :max",
        "(attribute_not_exists(leaseUntilMs) OR leaseUntilMs <= :nowMs)",
      ].join(" AND "),
      ExpressionAttributeValues: {
        ":id": { S: id },
        ":until": { N: String(untilMs) },
        ":one": { N: "1" },
        ":max": { N: String(MAX_ATTEMPTS) },
        ":now": { S: new Date(nowMs).toISOString() },
        ":nowMs": { N: String(nowMs) },
      },
    });
  }

  async release(link: LinkRecord, leaseId: string, progress?: LinkProgress): Promise<void> {
    await this.#update(link, {
      UpdateExpression: `${progress ? "SET storedFeedIds = :stored, problems = :problems " : ""}REMOVE leaseId, leaseUntilMs`,
      ConditionExpression: "leaseId = :id",
      ExpressionAttributeValues: {
        ":id": { S: leaseId },
        ...(progress && marshall({ ":stored": progress.storedFeedIds, ":problems": progress.problems })),
      },
    });
  }

  use(link: LinkRecord, leaseId: string, at: string): Promise<boolean> {
    return this.#update(link, {
      UpdateExpression: "SET usedAt = :at REMOVE leaseId, leaseUntilMs",
      ConditionExpression: "leaseId = :id AND attribute_not_exists(usedAt)",
      ExpressionAttributeValues: { ":id": { S: leaseId }, ":at": { S: at } },
    });
  }

  async #put(item: object): Promise<void> {
    const { client, tableName: TableName } = this.#options;
    const Item = marshall(item, { removeUndefinedValues: true });
    await client.send(
      new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }),
    );
  }

  async #read(Key: Item): Promise<Item | undefined> {
    const { client, tableName: TableName } = this.#options;
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  #update(
    { tokenHash }: Pick<LinkRecord, "tokenHash">,
    update: {
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeValues: Item;
    },
  ): Promise<boolean> {
    const { client, tableName: TableName } = this.#options;
    return isWritten(client.send(new UpdateItemCommand({ TableName, Key: keyOf(tokenHash), ...update })));
  }
}

/** @throws {UnreadableRecordError} */
function linkIn(item: Item, linkId: string): LinkRecord {
  return readable(item, parseLinkRecord, `the connect link ${linkId}`, "Make another one.");
}

function linkIdOf(sk: AttributeValue | undefined): string {
  return sk?.S?.slice("link#".length) ?? "";
}

function keyOf(tokenHash: string): Item {
  return { pk: { S: `link#${tokenHash}` }, sk: { S: "link" } };
}
