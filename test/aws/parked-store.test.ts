import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../local/aws/embedded-aws.ts";
import { provision } from "../../local/aws/provision.ts";
import { S3ParkedEvents } from "../../shared/aws/parked-events.ts";
import { S3ParkedStore } from "../../shared/aws/parked-store.ts";
import { isBad } from "../../shared/core/parked-line.ts";
import type { ParkedFolder, ParkedRef } from "../../shared/core/parked-object.ts";
import type { ParkedEvent } from "../../shared/ports.ts";
import { capturedLog } from "../support/captured-log.ts";

const AT_MS = Date.parse("2026-11-22T03:04:05.678Z");
const HOUR_MS = 3_600_000;

const HELD: ParkedFolder = {
  ending: "held",
  lane: "live",
  tenantId: "acme",
  feedId: "ios",
  cause: "feed_paused",
};

const event = (over: Partial<ParkedEvent> = {}): ParkedEvent => ({
  sqsMessageId: "sqs-1",
  sentAtMs: 1,
  reasons: [{ code: "feed_paused" }],
  content: { event: { type: "track" } },
  hours: { "2026-03-01T11": 1 },
  events: 1,
  ...over,
});

let aws: EmbeddedAws;
let client: S3Client;
let bucketName: string;

beforeEach(async () => {
  aws = await startEmbeddedAws();
  client = new S3Client(aws.clientConfig);
  ({ bucketName } = await provision(aws));
});

afterEach(async () => {
  client.destroy();
  await aws.close();
});

/** Pages of two, so that every listing takes several. */
function store(log = capturedLog()) {
  return new S3ParkedStore({ client, bucketName, log, pageSize: 2 });
}

let written = 0;

async function park(folder: ParkedFolder, events = [event()], atMs = AT_MS): Promise<void> {
  const uniqueId = () => String(++written).padStart(6, "0");
  const parked = new S3ParkedEvents({ client, bucketName, clock: { nowMs: () => atMs }, uniqueId });
  await parked.write({ ...folder, events });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function onlyRef(folder = HELD): Promise<ParkedRef> {
  const [ref] = await all(store().list(folder));
  if (!ref) throw new Error("there is no object");
  return ref;
}

async function textOf({ key }: ParkedRef): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
  return (await Body?.transformToString()) ?? "";
}

describe("what lies in the bucket", () => {
  it("is listed by tenant, each once, those without one left out", async () => {
    for (const tenantId of ["acme", "bolt", "core", "dora", "emil"]) await park({ ...HELD, tenantId });
    await park({ ...HELD, feedId: "web" });
    await park({ ending: "rejected", lane: "live" });

    expect(await all(store().tenants("held"))).toEqual(["acme", "bolt", "core", "dora", "emil"]);
    expect(await all(store().tenants("rejected"))).toEqual([]);
  });

  it("is listed by feed, cause and lane", async () => {
    const { feedId: _, ...feedless } = HELD;
    const folders: ParkedFolder[] = [
      { ...feedless, cause: "unknown_tenant" },
      HELD,
      { ...HELD, cause: "backlog" },
      { ...HELD, cause: "backlog", lane: "backfill" },
      { ...HELD, feedId: "web", cause: "no_credentials" },
    ];
    for (const folder of folders) {
      await park(folder);
      await park(folder);
    }
    await park({ ...HELD, tenantId: "bolt" });

    const found = await all(store().folders("held", "acme"));

    expect(found).toHaveLength(folders.length);
    expect(new Set(found)).toEqual(new Set(folders));
  });

  it.each(["acme", undefined])("is listed for rejected events of %s", async (tenantId) => {
    const own: ParkedFolder = {
      ending: "rejected",
      lane: "live",
      ...(tenantId !== undefined && { tenantId }),
    };
    const folders: ParkedFolder[] = [
      own,
      { ...own, lane: "backfill" },
      ...(tenantId === undefined ? [] : [{ ...own, feedId: "ios" }]),
    ];
    for (const folder of folders) await park(folder);
    await park({ ending: "rejected", lane: "live", tenantId: "someone-else" });

    expect(new Set(await all(store().folders("rejected", tenantId)))).toEqual(new Set(folders));
  });

  it("is nobody's while there is nothing", async () => {
    expect(await all(store().tenants("held"))).toEqual([]);
    expect(await all(store().folders("held", "acme"))).toEqual([]);
    expect(await all(store().list(HELD))).toEqual([]);
  });
});

describe("a folder's objects", () => {
  it("come oldest first, page by page, without those of the folders within it", async () => {
    const folder: ParkedFolder = { ending: "rejected", lane: "live", tenantId: "acme" };
    for (const hours of [30, 1, 2, 26, 0]) await park(folder, [event()], AT_MS + hours * HOUR_MS);
    await park({ ...folder, feedId: "ios" });

    const refs = await all(store().list(folder));

    expect(refs.map(({ parkedAtMs }) => (parkedAtMs - AT_MS) / HOUR_MS)).toEqual([0, 1, 2, 26, 30]);
    for (const ref of refs) expect(ref.folder).toEqual(folder);
  });

  it("can be had from one instant to another", async () => {
    for (const minutes of [0, 1, 2, 3, 4]) await park(HELD, [event()], AT_MS + minutes * 60_000);

    const range = { fromMs: AT_MS + 60_000, toMs: AT_MS + 3 * 60_000 };
    const refs = await all(store().list(HELD, range));

    expect(refs.map(({ parkedAtMs }) => (parkedAtMs - AT_MS) / 60_000)).toEqual([1, 2]);
  });

  it("are only asked for as far as they are looked at", async () => {
    for (const minutes of [0, 1, 2, 3, 4]) await park(HELD, [event()], AT_MS + minutes * 60_000);
    let pages = 0;
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === "ListObjectsV2Command") pages++;
        return next(args);
      },
      { step: "initialize" },
    );

    for await (const ref of store().list(HELD)) if (ref.parkedAtMs > AT_MS) break;

    expect(pages).toBe(1);
  });

  it("named otherwise are left out, and told", async () => {
    await park(HELD);
    const { key } = await onlyRef();
    const Key = key.replace(/[^/]+$/, "0-notes.txt");
    await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body: "notes" }));
    const log = capturedLog();

    const refs = await all(store(log).list(HELD));

    expect(refs.map((ref) => ref.key)).toEqual([key]);
    expect(log.lines).toMatchObject([{ level: "warn", fields: { key: Key } }]);
  });
});

describe("an object's lines", () => {
  it("are read as they were written", async () => {
    const contents = [
      { event: { text: "two\nlines and \u2028 what some count as a line's end", note: "å 😀" } },
      { body: "no json\r\n" },
      { batch: '{"source_request_id":"x"}', route: "live" as const },
      { eventText: '{"deep":[[]]}' },
    ];
    await park(
      HELD,
      contents.map((content) => event({ content })),
    );

    const lines = await all(store().lines(await onlyRef()));

    expect(lines.map((line) => !isBad(line) && line.content)).toEqual([
      { kind: "event", text: JSON.stringify(contents[0]?.event) },
      { kind: "body", body: "no json\r\n" },
      { kind: "batch", body: '{"source_request_id":"x"}', route: "live" },
      { kind: "event", text: '{"deep":[[]]}' },
    ]);
  });

  it("are all there in an object of several MB", async () => {
    const events = Array.from({ length: 3_000 }, (_, i) =>
      event({ content: { event: `${i} ${"å".repeat(700)}` } }),
    );
    await park(HELD, events);

    const lines = await all(store().lines(await onlyRef()));

    expect(lines.map((line) => !isBad(line) && line.content)).toEqual(
      events.map(({ content }) => ({
        kind: "event",
        text: JSON.stringify("event" in content && content.event),
      })),
    );
  });

  it("are read one by one: a bad one is told among the others", async () => {
    await park(HELD);
    const ref = await onlyRef();
    const good = await textOf(ref);
    await store().rewrite(ref, ["{", good.trimEnd()]);

    const lines = await all(store().lines(ref));

    expect(lines.map(isBad)).toEqual([true, false]);
  });

  it("are none once the object is gone", async () => {
    await park(HELD);
    const ref = await onlyRef();

    await store().delete(ref);

    expect(await all(store().lines(ref))).toEqual([]);
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket: bucketName }));
    expect(KeyCount).toBe(0);
  });

  it("can be written anew under the same key", async () => {
    await park(HELD, [event({ sqsMessageId: "a" }), event({ sqsMessageId: "b" })]);
    const ref = await onlyRef();
    const [, kept] = await all(store().lines(ref));

    await store().rewrite(ref, [kept?.text ?? ""]);

    expect(await all(store().lines(ref))).toEqual([kept]);
    expect(await onlyRef()).toEqual(ref);
  });

  it("that cannot be read are an error", async () => {
    await park(HELD);
    const ref = await onlyRef();
    const elsewhere = new S3ParkedStore({ client, bucketName: "no-such-bucket", log: capturedLog() });

    await expect(all(elsewhere.lines(ref))).rejects.toThrow();
    await expect(all(elsewhere.tenants("held"))).rejects.toThrow();
  });
});
