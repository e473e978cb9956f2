import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMessage } from "../../functions/deliver-events/read-message.ts";
import { MAX_MESSAGE_BYTES } from "../../shared/core/limits.ts";
import type { ParkedContent, ParkedLine } from "../../shared/core/parked-line.ts";
import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import { requeue } from "../../shared/core/requeue.ts";

const FOLDER: ParkedFolder = { ending: "held", lane: "live", tenantId: "acme", feedId: "ios" };
const { feedId: _, ...FEEDLESS } = FOLDER;

let made = 0;

function line(content: ParkedContent, over: Partial<ParkedLine> = {}): ParkedLine {
  return {
    text: `line ${made}`,
    sqsMessageId: `sqs-${++made}`,
    sentAtMs: 1000 + made,
    mode: undefined,
    code: "feed_paused",
    hours: { "2026-03-01T11": 1 },
    content,
    ...over,
  };
}

const event = (value: unknown, over: Partial<ParkedLine> = {}) =>
  line({ kind: "event", text: JSON.stringify(value) }, over);
const batch = (body: string, over: Partial<ParkedLine> = {}, route: "live" | "historical" = "live") =>
  line({ kind: "batch", body, route }, over);
const body = (text: string, over: Partial<ParkedLine> = {}) => line({ kind: "body", body: text }, over);

const plain = { oneBatchEach: false };

function bodies(lines: readonly ParkedLine[], folder = FOLDER) {
  return requeue(lines, folder, plain).messages.map((message) => JSON.parse(message.body));
}

describe("putting parked events back on the queue", () => {
  it("packs events in order, each with the time at which it was first sent", () => {
    const lines = [event({ id: "a" }, { sentAtMs: 11 }), event({ id: "b" }, { sentAtMs: 22 })];

    const { messages, tooLarge } = requeue(lines, FOLDER, plain);

    expect(messages).toEqual([{ body: expect.any(String), groupId: "acme", lane: "live", lines: [0, 1] }]);
    expect(JSON.parse(messages[0]?.body ?? "")).toEqual({
      version: 1,
      tenantId: "acme",
      feedId: "ios",
      events: [{ id: "a" }, { id: "b" }],
      requeued: { sentAtMs: [11, 22], counted: true },
    });
    expect(tooLarge).toEqual([]);
  });

  it("names no feed where none was told, and says that nobody has the events as received", () => {
    expect(bodies([event({}, { sentAtMs: 5 })], FEEDLESS)).toEqual([
      { version: 1, tenantId: "acme", events: [{}], requeued: { sentAtMs: [5], counted: false } },
    ]);
  });

  it("keeps events of different modes apart", () => {
    const lines = [
      event("a", { mode: "live" }),
      event("b"),
      event("c", { mode: "live" }),
      event("d", { mode: "historical" }),
    ];

    expect(bodies(lines).map(({ mode, events }) => [mode, events])).toEqual([
      ["live", ["a", "c"]],
      [undefined, ["b"]],
      ["historical", ["d"]],
    ]);
  });

  it("puts at most 100 events in a message", () => {
    const lines = Array.from({ length: 201 }, (_, i) => event(i));

    expect(bodies(lines).map(({ events }) => events.length)).toEqual([100, 100, 1]);
  });

  it("begins another message before one has more than 200 kB of events", () => {
    const lines = Array.from({ length: 5 }, () => event("x".repeat(79_998)));

    expect(bodies(lines).map(({ events }) => events.length)).toEqual([2, 2, 1]);
  });

  it("keeps the bytes, ids and hours of built batches, in the same request", () => {
    const lines = [batch('{"source_request_id":"å"}', { hours: { "2026-03-01T10": 3 } }), batch('{"n":2}')];

    const { messages } = requeue(lines, FOLDER, plain);

    expect(messages.map((message) => JSON.parse(message.body))).toEqual([
      {
        version: 1,
        tenantId: "acme",
        feedId: "ios",
        frozen: {
          route: "live",
          batches: [
            { body: '{"source_request_id":"å"}', hours: { "2026-03-01T10": 3 } },
            { body: '{"n":2}', hours: { "2026-03-01T11": 1 } },
          ],
        },
      },
    ]);
  });

  it("builds no request over the limits of one, nor of two routes", () => {
    const many = Array.from({ length: 101 }, () => batch("{}"));
    const large = Array.from({ length: 3 }, () => batch(`{"x":"${"x".repeat(99_000)}"}`));

    const sizes = (lines: ParkedLine[]) =>
      bodies(lines).map(({ frozen }) => [frozen.route, frozen.batches.length]);

    expect(sizes(many)).toEqual([
      ["live", 100],
      ["live", 1],
    ]);
    expect(sizes(large)).toEqual([
      ["live", 2],
      ["live", 1],
    ]);
    expect(sizes([batch("{}"), batch("{}", {}, "historical")])).toEqual([
      ["live", 1],
      ["historical", 1],
    ]);
  });

  it("sends built batches one by one to a feed that limits the events of a request", () => {
    const lines = [batch("{}"), batch("{}")];

    expect(requeue(lines, FOLDER, { oneBatchEach: true }).messages.map((message) => message.lines)).toEqual([
      [0],
      [1],
    ]);
  });

  it.each(["no json", "{", '{"version":2,"events":[1]}', '{"version":1,"tenantId":"a b","events":[1]}'])(
    "sends the body %s, which still cannot be read, as it came",
    (text) => {
      const { messages } = requeue([body(text)], { ending: "rejected", lane: "backfill" }, plain);

      expect(messages).toEqual([{ body: text, groupId: "unreadable", lane: "backfill", lines: [0] }]);
    },
  );

  it("tells a body that can be read by now when it was sent", () => {
    const text =
      '{ "version": 1, "tenantId": "acme", "events": [{}, {}], "requeued": "the sender\'s own" }\n';

    const [message] = requeue([body(text, { sentAtMs: 7 })], FEEDLESS, plain).messages;

    expect(readMessage(message?.body ?? "")).toMatchObject({
      kind: "message",
      message: { tenantId: "acme", events: [{}, {}], requeued: { sentAtMs: [7, 7], counted: false } },
    });
  });

  it("sends a body that is as long as a message may be without telling it anything", () => {
    const head = '{"version":1,"tenantId":"acme","events":["';
    const text = `${head}${"x".repeat(MAX_MESSAGE_BYTES - head.length - 3)}"]}`;

    const { messages, tooLarge } = requeue([body(text)], FEEDLESS, plain);

    expect(messages.map((message) => message.body === text)).toEqual([true]);
    expect(tooLarge).toEqual([]);
  });

  it("says which lines no message can hold, and sends the others", () => {
    const lines = [event("a"), event("x".repeat(MAX_MESSAGE_BYTES - 10)), event("b")];

    const { messages, tooLarge } = requeue(lines, FOLDER, plain);

    expect(tooLarge).toEqual([1]);
    expect(messages.map((message) => message.lines)).toEqual([[0], [2]]);
  });

  it("escapes the two characters that SQS refuses", () => {
    const lines = [event({ text: "\uFFFE\uFFFF" }), batch('{"x":"\uFFFF"}')];

    const { messages } = requeue(lines, FOLDER, plain);

    expect(messages.map((message) => /[\uFFFE\uFFFF]/.test(message.body))).toEqual([false, false]);
    expect(bodies(lines)[0].events).toEqual([{ text: "\uFFFE\uFFFF" }]);
  });

  it("puts an event back alone that nests too deep to be written anew", () => {
    const deep = `{"type":"nobody knows","value":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;

    const { messages } = requeue([line({ kind: "event", text: deep })], FOLDER, plain);

    expect(messages[0]?.body).toContain(`"events":[${deep}],`);
    expect(readMessage(messages[0]?.body ?? "")).toMatchObject({ kind: "message" });
  });

  it("puts every line in exactly one message that can be read, within its bounds", () => {
    const contents = fc.oneof(
      fc.jsonValue().map((value): ParkedContent => ({ kind: "event", text: JSON.stringify(value) })),
      fc
        .integer({ min: 1, max: 150_000 })
        .map((size): ParkedContent => ({ kind: "event", text: JSON.stringify("x".repeat(size)) })),
      fc
        .constantFrom("live" as const, "historical" as const)
        .map((route): ParkedContent => ({ kind: "batch", body: "{}", route })),
      fc.string().map((text): ParkedContent => ({ kind: "body", body: text })),
    );
    const lines = fc.array(
      fc
        .tuple(contents, fc.constantFrom(undefined, "live" as const))
        .map(([content, mode]) => line(content, { mode })),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(lines, (drawn) => {
        const { messages, tooLarge } = requeue(drawn, FOLDER, plain);

        expect(tooLarge).toEqual([]);
        const placed = messages.flatMap((message) => message.lines);
        expect(placed.toSorted((a, b) => a - b)).toEqual([...drawn.keys()]);
        for (const message of messages) {
          const first = drawn[message.lines[0] ?? -1];
          expect(message.lines).toEqual(message.lines.toSorted((a, b) => a - b));
          if (first?.content.kind === "body") continue;
          const read = readMessage(message.body);
          if (read.kind === "message") {
            const { events, requeued, mode } = read.message;
            expect(events).toEqual(
              message.lines.map((i) => {
                const { content } = drawn[i] as ParkedLine;
                return content.kind === "event" && JSON.parse(content.text);
              }),
            );
            expect(requeued?.sentAtMs).toEqual(message.lines.map((i) => drawn[i]?.sentAtMs));
            expect(mode).toBe(first?.mode);
            if (events.length > 1) expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(205_000);
          } else {
            expect(first?.content.kind).toBe("batch");
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
