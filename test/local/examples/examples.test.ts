import { describe, expect, test } from "vitest";
import { exampleMessages, exampleTenants } from "../../../local/examples/examples.ts";
import { type EndingCounts, expectedEndings } from "../../../local/examples/expected-endings.ts";
import { checkEvent, checkMessage, parseCredentials, parseFeed } from "../../../shared/core/validators.ts";

const NOW_MS = Date.parse("2030-06-01T08:00:00.000Z");
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface ExampleMessage {
  readonly tenantId: string;
  readonly feedId?: string;
  readonly mode?: string;
  readonly events: readonly Record<string, unknown>[];
}

const bodies = exampleMessages(NOW_MS);
const messages = bodies.flatMap((body): ExampleMessage[] => {
  try {
    return [JSON.parse(body)];
  } catch {
    return [];
  }
});
const events = messages.flatMap((message) => message.events);

describe("example messages", () => {
  test("are 48 bodies, one of them not JSON, with 147 events", () => {
    expect([bodies.length, messages.length, events.length]).toEqual([48, 47, 147]);
  });

  test("are of the contract", () => {
    expect(messages.filter((message) => checkMessage(message) !== undefined)).toEqual([]);
    expect(events.filter((event) => checkEvent(event) !== undefined)).toEqual([]);
  });

  test("show every kind of event, every mode and both ways to a feed", () => {
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(["track", "identify", "page", "screen", "group", "alias", "batch", "row", "audience"]),
    );
    expect(new Set(messages.map(({ mode }) => mode))).toEqual(new Set([undefined, "live", "historical"]));
    expect(new Set(messages.map(({ feedId }) => feedId))).toEqual(new Set([undefined, "ios"]));
  });

  test("are of the example tenants", () => {
    const tenantIds = exampleTenants().map(({ tenantId }) => tenantId);

    expect(new Set(messages.map(({ tenantId }) => tenantId))).toEqual(new Set(tenantIds));
  });

  test("follow the time that they are asked for", () => {
    const timesMs = events.flatMap(({ timestamp }) =>
      typeof timestamp === "string" ? [Date.parse(timestamp)] : [],
    );
    const numericTimes = events.map(({ timestamp }) => timestamp).filter((time) => typeof time === "number");

    expect(NOW_MS - Math.max(...timesMs)).toBe(3 * MINUTE_MS);
    expect(timesMs.filter((timeMs) => NOW_MS - timeMs > 30 * DAY_MS)).toHaveLength(9);
    expect(numericTimes).toEqual([NOW_MS - 55 * MINUTE_MS, (NOW_MS - 54 * MINUTE_MS) / 1000]);
  });

  test("name times inside a batch that follow too", () => {
    const times = bodies.flatMap((body) => body.match(/(?<="timestamp_unixtime_ms":)\d+/g) ?? []).map(Number);

    expect(times.map((timeMs) => (NOW_MS - timeMs) / MINUTE_MS)).toEqual([180, 180, 179]);
  });

  test("name no one who exists: addresses are of the reserved ranges and domains", () => {
    const text = bodies.join("\n");
    const ips = text.match(/(?<="ip":")[^"]+/g) ?? [];
    const mailDomains = text.match(/(?<=@)[A-Za-z.]+/g) ?? [];
    const hosts = text.match(/(?<=https?:\/\/)[^/"]+/g) ?? [];

    expect(ips.filter((ip) => !/^(198\.51\.100|203\.0\.113)\.\d+$/.test(ip))).toEqual([]);
    expect(new Set(mailDomains.map((domain) => domain.toLowerCase()))).toEqual(new Set(["example.com"]));
    expect(hosts.filter((host) => !host.endsWith(".example.com"))).toEqual([]);
  });
});

describe("example tenants", () => {
  test("have feeds and credentials that the connector takes", () => {
    const feeds = exampleTenants().flatMap((tenant) => tenant.feeds);

    const stored = feeds.map(({ apiKey, apiSecret, ...feed }) => ({
      feed: parseFeed(feed),
      credentials: parseCredentials({ apiKey, apiSecret }),
    }));

    expect(stored.map(({ feed }) => [feed.feedId, feed.kind, feed.environment])).toEqual([
      ["default", "partner", "production"],
      ["ios", "partner", "production"],
      ["default", "custom", "development"],
    ]);
    expect(new Set(stored.map(({ credentials }) => credentials.apiKey)).size).toBe(3);
  });
});

describe("expected endings", () => {
  const { byTenant, withoutTenant } = expectedEndings;

  test("count every event of the examples, the unreadable body as one", () => {
    const eventsOf = (tenantId: string) =>
      messages.filter((message) => message.tenantId === tenantId).flatMap((message) => message.events).length;

    expect(byTenant["acme-mail"].received).toBe(eventsOf("acme-mail"));
    expect(byTenant["north-loyalty"].received).toBe(eventsOf("north-loyalty"));
    expect(withoutTenant.received).toBe(bodies.length - messages.length);
  });

  test("put every event in one place", () => {
    const all = [expectedEndings.events, ...Object.values(byTenant), withoutTenant];

    expect(all.map(sumOfEndings)).toEqual(all.map(({ received }) => received));
    for (const ending of ["received", "delivered", "filtered", "rejected", "held"] as const) {
      expect(sum([...Object.values(byTenant), withoutTenant].map((counts) => counts[ending]))).toBe(
        expectedEndings.events[ending],
      );
    }
  });

  test("give every filtered, rejected and delivered event its rule, reason and route", () => {
    expect(sum(Object.values(expectedEndings.filteredByRule))).toBe(expectedEndings.events.filtered);
    expect(sum(Object.values(expectedEndings.rejectedByReason))).toBe(expectedEndings.events.rejected);
    expect(sum(Object.values(expectedEndings.deliveredByRoute))).toBe(expectedEndings.events.delivered);
  });

  test("know how often a message id comes again in its message", () => {
    const repeats = messages.map((message) => {
      const ids = message.events.flatMap(({ messageId }) => (messageId === undefined ? [] : [messageId]));
      return ids.length - new Set(ids).size;
    });
    const allIds = events.flatMap(({ messageId }) => (messageId === undefined ? [] : [messageId]));

    expect(sum(repeats)).toBe(expectedEndings.filteredByRule["duplicate"]);
    // None comes again in another message: whether that is one pass would be chance.
    expect(allIds.length - new Set(allIds).size).toBe(sum(repeats));
  });
});

function sumOfEndings({ delivered, filtered, rejected, held }: EndingCounts): number {
  return delivered + filtered + rejected + held;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
