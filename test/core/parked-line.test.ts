import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParkedLineSchema } from "../../shared/core/parked-line.schema.ts";
import { isBad, readParkedLine } from "../../shared/core/parked-line.ts";
import type { ParkedFolder } from "../../shared/core/parked-object.ts";
import { checkParkedLine } from "../../shared/core/validators.ts";
import { mutationsOf } from "../support/mutations.ts";

const FOLDER: ParkedFolder = {
  ending: "held",
  lane: "live",
  tenantId: "acme",
  feedId: "ios",
  cause: "feed_paused",
};

const LINE = {
  at: "2026-03-01T12:00:00.000Z",
  tenantId: "acme",
  feedId: "ios",
  lane: "live",
  sqsMessageId: "sqs-1",
  sentAtMs: 1_772_366_400_000,
  index: 0,
  mode: "live",
  reasons: [{ code: "feed_paused" }, { code: "second", path: "x", message: "y" }],
  content: { event: { type: "track", text: "å\u2028😀" } },
  hours: { "2026-03-01T11": 1 },
  events: 1,
};

const text = (over: object = {}) => JSON.stringify({ ...LINE, ...over });

describe("a parked line", () => {
  it("is read with all that putting it back needs", () => {
    expect(readParkedLine(text(), FOLDER)).toEqual({
      text: text(),
      sqsMessageId: "sqs-1",
      sentAtMs: 1_772_366_400_000,
      mode: "live",
      code: "feed_paused",
      hours: { "2026-03-01T11": 1 },
      content: { kind: "event", text: '{"type":"track","text":"å\u2028😀"}' },
    });
  });

  it.each([
    {
      what: "a built batch",
      content: { batch: '{"events":[]}', route: "historical" },
      read: { kind: "batch", body: '{"events":[]}', route: "historical" },
    },
    { what: "a body", content: { body: "no json" }, read: { kind: "body", body: "no json" } },
    { what: "an event that is null", content: { event: null }, read: { kind: "event", text: "null" } },
    {
      what: "an event that is kept as text",
      content: { eventText: '{"type": "track"}' },
      read: { kind: "event", text: '{"type": "track"}' },
    },
  ])("holds $what", ({ content, read }) => {
    expect(readParkedLine(text({ content }), FOLDER)).toMatchObject({ content: read });
  });

  it("holds an event that nests as deep as could just be written", () => {
    const event = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const deep = text({ content: { event: "HERE" } }).replace('"HERE"', event);

    expect(readParkedLine(deep, FOLDER)).toMatchObject({ content: { kind: "event", text: event } });
  });

  it.each<[string, string, string]>([
    ["no JSON", "{", ""],
    ["nothing", "null", ""],
    ["no time of sending", text({ sentAtMs: undefined }), "sentAtMs"],
    ["another tenant", text({ tenantId: "bolt" }), "tenantId"],
    ["another feed", text({ feedId: "web" }), "feedId"],
    ["no feed where there is one", text({ feedId: undefined }), "feedId"],
    ["hours that are none", text({ hours: { now: 1 } }), "hours"],
    ["no content", text({ content: {} }), "content"],
    ["a batch without a route", text({ content: { batch: "{}" } }), "content"],
    ["text that is no JSON", text({ content: { eventText: "{" } }), "content"],
  ])("with %s cannot be put back, and says where", (_, line, path) => {
    const read = readParkedLine(line, FOLDER);

    expect(read).toMatchObject({ text: line, problem: { path } });
    expect(isBad(read)).toBe(true);
  });

  it.each([
    ["an event", { event: {} }, { tenantId: undefined, feedId: undefined }],
    ["a built batch", { batch: "{}", route: "live" }, { feedId: undefined }],
  ])("with %s needs an address", (_, content, address) => {
    const { tenantId, feedId, ...folder } = { ...FOLDER, ...address };

    const read = readParkedLine(text({ content, ...address }), {
      ...folder,
      ...(tenantId !== undefined && { tenantId }),
      ...(feedId !== undefined && { feedId }),
    });

    expect(read).toMatchObject({ problem: { path: "content" } });
  });

  it("never tells its content in a problem", () => {
    const read = readParkedLine(text({ reasons: "top secret", content: { event: "top secret" } }), FOLDER);

    expect(JSON.stringify(isBad(read) && read.problem)).not.toContain("secret");
  });

  it("is checked exactly as its schema says", () => {
    fc.assert(
      fc.property(mutationsOf(LINE), (value) => {
        expect(checkParkedLine(value) === undefined).toBe(ParkedLineSchema.safeParse(value).success);
      }),
      { numRuns: 500 },
    );
  });
});
