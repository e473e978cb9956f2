import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { S3ParkedEvents } from "../../shared/aws/parked-events.ts";
import type { ParkedEvent, ParkedObject } from "../../shared/ports.ts";
import { awsError, s3Client } from "../support/clients.ts";

const AT = "2026-11-22T03:04:05.678Z";

const line = (over: Partial<ParkedEvent> = {}): ParkedEvent => ({
  sqsMessageId: "sqs-1",
  sentAtMs: 1,
  reasons: [{ code: "event_invalid" }],
  content: { event: { type: "track" } },
  hours: { "2026-03-01T11": 1 },
  events: 1,
  ...over,
});

function bucket() {
  const client = s3Client();
  const s3 = mockClient(client);
  s3.on(PutObjectCommand).resolves({});
  const parked = new S3ParkedEvents({
    client,
    bucketName: "parking",
    clock: { nowMs: () => Date.parse(AT) },
    uniqueId: () => "unique",
  });
  const written = () => s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);
  return { s3, parked, written };
}

describe("parked events", () => {
  it.each<{ object: Omit<ParkedObject, "events">; folder: string }>([
    { object: { ending: "rejected", lane: "live" }, folder: "rejected/unreadable" },
    { object: { ending: "rejected", lane: "live", tenantId: "acme" }, folder: "rejected/tenant=acme" },
    {
      object: { ending: "held", lane: "live", tenantId: "acme", feedId: "ios", cause: "feed_paused" },
      folder: "held/tenant=acme/feed=ios/cause=feed_paused",
    },
    {
      object: { ending: "held", lane: "backfill", tenantId: "acme", feedId: "ios", cause: "backlog" },
      folder: "held/tenant=acme/feed=ios/lane=backfill/cause=backlog",
    },
  ])("lie under $folder by hour", async ({ object, folder }) => {
    const { parked, written } = bucket();

    await parked.write({ ...object, events: [line()] });

    expect(written()).toMatchObject([
      {
        Bucket: "parking",
        Key: `${folder}/2026/11/22/03/${AT}-unique.ndjson`,
        ContentType: "application/x-ndjson",
      },
    ]);
  });

  it("are one JSON document a line, each with all that a replay needs", async () => {
    const { parked, written } = bucket();
    const events = [
      line({ index: 0, content: { event: { text: "two\nlines", note: "å 😀" } } }),
      line({ index: 1, content: { body: "no json" } }),
      line({ content: { batch: '{"source_request_id":"x"}', route: "live" }, events: 3 }),
    ];

    const object = {
      ending: "held",
      lane: "live",
      tenantId: "acme",
      feedId: "ios",
      cause: "backlog",
    } as const;
    await parked.write({ ...object, events });

    const text = String(written()[0]?.Body);
    expect(text.endsWith("\n")).toBe(true);
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((entry) => JSON.parse(entry)),
    ).toEqual(events.map((event) => ({ at: AT, tenantId: "acme", feedId: "ios", lane: "live", ...event })));
  });

  it("that were not written are an error", async () => {
    const { parked, s3 } = bucket();
    s3.on(PutObjectCommand).rejects(awsError("SlowDown"));
    s3.on(HeadObjectCommand).rejects(awsError("NotFound"));

    await expect(parked.write({ ending: "held", lane: "live", events: [line()] })).rejects.toMatchObject({
      name: "SlowDown",
    });
  });

  it("that were written although the answer was lost are there", async () => {
    const { parked, s3, written } = bucket();
    s3.on(PutObjectCommand).rejects(awsError("TimeoutError"));
    s3.on(HeadObjectCommand).resolves({});

    await parked.write({ ending: "held", lane: "live", events: [line()] });

    const [asked] = s3.commandCalls(HeadObjectCommand).map(({ args }) => args[0].input);
    expect(asked?.Key).toBe(written()[0]?.Key);
  });
});
