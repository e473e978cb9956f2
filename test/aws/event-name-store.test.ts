import { expect, it } from "vitest";
import { DynamoEventNameCounts } from "../../shared/aws/event-name-counts.ts";
import { DynamoEventNames } from "../../shared/aws/event-name-store.ts";
import { hashOfName, MAX_COUNTED_NAMES } from "../../shared/core/event-names.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError } from "../support/clients.ts";
import { useTable } from "./embedded-table.ts";

const table = useTable();

/** One instance of the function. Each test has a tenant of its own. */
function instance() {
  const client = table.newClient();
  const calls: string[] = [];
  const inputs: string[] = [];
  const world = { fails: false, nowMs: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      calls.push(String(context["commandName"]).replace("ItemCommand", ""));
      inputs.push(JSON.stringify(args.input));
      if (world.fails) throw awsError("ThrottlingException", "CANARY");
      return next(args);
    },
    { step: "initialize" },
  );
  const log = capturedLog();
  const clock = { nowMs: () => world.nowMs };
  const names = new DynamoEventNames({ client, tableName: table.tableName, clock, log });
  return {
    names,
    counts: new DynamoEventNameCounts({ client, tableName: table.tableName }),
    calls,
    inputs,
    world,
    log,
  };
}

const feed = (tenantId: string) => ({ tenantId, feedId: "default" });
const named = (count: number, from = 0) => new Set(Array.from({ length: count }, (_, i) => `e ${from + i}`));

it("counts different names, whichever instances see them, at once or one after the other", async () => {
  const [one, two] = [instance(), instance()];

  await Promise.all([
    one.names.add(feed("sum"), new Set(["e a", "e b"])),
    two.names.add(feed("sum"), new Set(["e b", "s b"])),
  ]);

  expect(await instance().names.add(feed("sum"), new Set(["e a"]))).toBe(3);
});

it("writes only for names that are new, and asks once for each feed", async () => {
  const { names, calls } = instance();

  await names.add(feed("few"), new Set(["e a"]));
  await names.add(feed("few"), new Set(["e a"]));
  await names.add(feed("few"), new Set(["e a", "e b", "e c"]));
  const later = instance();
  await later.names.add(feed("few"), new Set(["e c"]));

  expect(calls).toEqual(["Get", "Update", "Update"]);
  expect(later.calls).toEqual(["Get"]);
});

it("counts names that come on anew within an hour of a reset, and what was there before no more", async () => {
  const { names, counts, world } = instance();
  const other = instance();
  await names.add(feed("reset"), named(900));
  await other.names.add(feed("reset"), named(900));
  expect(await counts.count(feed("reset"))).toBe(900);

  await counts.reset(feed("reset"));
  await counts.reset(feed("reset"));

  expect(await counts.count(feed("reset"))).toBe(0);
  world.nowMs = 3_600_000;
  other.world.nowMs = 3_600_000;
  expect(await names.add(feed("reset"), new Set(["e 1", "e 2"]))).toBe(2);
  expect(await other.names.add(feed("reset"), new Set(["e 2", "e 3"]))).toBe(3);
  expect(await counts.count(feed("reset"))).toBe(3);
});

it("keeps hashes, not names", async () => {
  const { names, inputs } = instance();

  await names.add(feed("hashed"), new Set(["e ada@example.com"]));

  expect(inputs.join("")).not.toContain("ada");
  expect(inputs.join("")).toContain(hashOfName("e ada@example.com"));
});

it("counts no further than the number that matters, and writes nothing then", async () => {
  const { names, calls } = instance();

  expect(await names.add(feed("full"), named(MAX_COUNTED_NAMES - 1))).toBe(MAX_COUNTED_NAMES - 1);
  expect(await names.add(feed("full"), named(50, 5_000))).toBe(MAX_COUNTED_NAMES);
  expect(await names.add(feed("full"), named(50, 9_000))).toBe(MAX_COUNTED_NAMES);

  expect(calls).toEqual(["Get", "Update", "Update"]);
});

it("says of a table that fails that it cannot tell, and counts the names with the next event", async () => {
  const { names, world, log } = instance();

  world.fails = true;
  expect(await names.add(feed("down"), new Set(["e a"]))).toBeUndefined();
  world.fails = false;

  expect(await names.add(feed("down"), new Set(["e a"]))).toBe(1);
  expect(JSON.stringify(log.lines)).toContain("ThrottlingException");
  expect(JSON.stringify(log.lines)).not.toContain("CANARY");
});
