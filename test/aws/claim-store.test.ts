import {
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { DynamoMessageClaims } from "../../shared/aws/claim-store.ts";
import { claimKey } from "../../shared/core/claims/claim-key.ts";
import { NOW_MS } from "../support/builders.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError, dynamodbClient } from "../support/clients.ts";
import { useTable } from "./embedded-table.ts";

const table = useTable();

let made = 0;

/** One instance of a function, with a clock that tests move. Its invocations have a minute each. */
function instance(client = table.newClient()) {
  const log = capturedLog();
  const clock = { at: NOW_MS, nowMs: () => clock.at };
  const store = new DynamoMessageClaims({
    client,
    tableName: table.tableName,
    clock,
    log,
    uniqueId: () => `i${++made}`,
  });
  const claim = (...messageIds: string[]) =>
    store.claim(
      messageIds.map((messageId) => ({ messageId, sentAtMs: NOW_MS - 30_000 })),
      clock.at + 60_000,
      () => true,
    );
  return { store, claim, clock, log };
}

/** Ids that no other test uses. */
function messageIds(count: number): string[] {
  return Array.from({ length: count }, () => `message-${++made}`);
}

const BUSY = { kind: "busy", untilMs: NOW_MS + 65_000 };

describe("claims on messages", () => {
  it("are the first one's, and of all that come after it while it may be at work none's", async () => {
    const ids = messageIds(40);

    const first = await instance().claim(...ids);
    const second = await instance().claim(...ids.slice(0, 2), "another");

    expect(first.verdicts).toEqual(ids.map(() => ({ kind: "mine" })));
    expect(second.verdicts).toEqual([BUSY, BUSY, { kind: "mine" }]);
  });

  it("are given to one of many that claim at once", async () => {
    const ids = messageIds(8);

    const all = await Promise.all(Array.from({ length: 12 }, () => instance().claim(...ids)));

    for (const i of ids.keys())
      expect(all.filter(({ verdicts }) => verdicts[i]?.kind === "mine")).toHaveLength(1);
  });

  it("are done with when their owner came to its end, except for what it gave back", async () => {
    const [kept = "", returned = ""] = messageIds(2);
    const owner = await instance().claim(kept, returned);
    await owner.end([returned]);

    const { verdicts } = await instance().claim(kept, returned);

    expect(verdicts).toEqual([{ kind: "done" }, { kind: "mine" }]);
  });

  it("of an owner that gave back what was busy do not count", async () => {
    const [id = ""] = messageIds(1);
    const first = await instance().claim(id);
    const second = await instance().claim(id);
    await second.end([id]);
    await first.end([id]);

    const third = await instance().claim(id);

    expect(second.verdicts).toEqual([BUSY]);
    expect(third.verdicts).toEqual([{ kind: "mine" }]);
  });

  it("of an owner that died hold until its time is over", async () => {
    const [id = ""] = messageIds(1);
    await instance().claim(id);
    const later = instance();
    later.clock.at += 64_999;

    const before = await later.claim(id);
    await before.end([id]);
    later.clock.at += 1;
    const after = await later.claim(id);

    expect(before.verdicts).toEqual([BUSY]);
    expect(after.verdicts).toEqual([{ kind: "mine" }]);
  });

  it("of an owner whose time runs out while its end is looked for are still its own", async () => {
    const [id = ""] = messageIds(1);
    await instance().claim(id);
    const client = table.newClient();
    const slow = instance(client);
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (context["commandName"] === "GetItemCommand") slow.clock.at += 65_000;
        return answer;
      },
      { step: "initialize" },
    );

    const { verdicts } = await slow.claim(id);

    expect(verdicts).toEqual([BUSY]);
  });

  it("see what was claimed by calls that were repeated", async () => {
    const ids = messageIds(3);
    const client = table.newClient();
    // Each call is carried out twice, as when the first answer is lost.
    const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    client.send = async (command: unknown) => {
      await send(command);
      return await send(command);
    };

    const first = await instance(client).claim(...ids);
    await first.end([]);
    const second = await instance(client).claim(...ids);

    expect(first.verdicts).toEqual(ids.map(() => ({ kind: "mine" })));
    expect(second.verdicts).toEqual(ids.map(() => ({ kind: "done" })));
  });

  it("of a thousand messages that were sent in the same second take four writes", async () => {
    const client = table.newClient();
    let calls = 0;
    client.middlewareStack.add(
      (next) => (args) => {
        calls++;
        return next(args);
      },
      { step: "initialize" },
    );

    await instance(client).claim(...messageIds(1000));

    expect(calls).toBe(4);
  });

  it("are kept for a day, and hold no message's id", async () => {
    const [id = ""] = messageIds(1);
    const { end } = await instance().claim(id);
    await end([id]);

    const { Items = [] } = await table.newClient().send(new ScanCommand({ TableName: table.tableName }));

    const seconds = NOW_MS / 1000;
    expect(Items.length).toBeGreaterThan(0);
    expect(Math.min(...Items.map(({ expiresAt }) => Number(expiresAt?.N)))).toBe(seconds + 86_400);
    expect(JSON.stringify(Items)).not.toContain(id);
  });
});

describe("claims on messages that come again and again", () => {
  /** Claims on messages of a second of their own, whose items nobody else uses. */
  function claimsOf(ids: readonly string[]) {
    const messages = ids.map((messageId) => ({ messageId, sentAtMs: NOW_MS - 1_000_000 - 1_000 * made }));
    return () => instance().store.claim(messages, NOW_MS + 60_000, () => true);
  }

  /** Two messages that so many owners gave back. */
  async function comeAgain(times: number) {
    const [id = "", other = ""] = messageIds(2);
    const claim = claimsOf([id, other]);
    for (let i = 0; i < times; i++) {
      const { verdicts, end } = await claim();
      expect(verdicts).toEqual([{ kind: "mine" }, { kind: "mine" }]);
      await end([id, other]);
    }
    return { id, other, claim };
  }

  async function ownersOf(id: string): Promise<number> {
    const { Items = [] } = await table.newClient().send(new ScanCommand({ TableName: table.tableName }));
    const key = Buffer.from(claimKey(id), "latin1");
    const claims = Items.filter(({ sk }) => sk?.S === "claims");
    return claims.flatMap(Object.values).filter(({ B }) => B && Buffer.from(B).includes(key)).length;
  }

  it("are taken away by who gave everything back, once an item has many of them", async () => {
    const { id } = await comeAgain(40);

    expect(await ownersOf(id)).toBe(16);
  });

  it("stay where one of the messages was handled", async () => {
    const { id, claim } = await comeAgain(20);
    const { end } = await claim();
    await end([id]);

    const { verdicts } = await claim();

    expect(verdicts).toEqual([{ kind: "mine" }, { kind: "done" }]);
  });
});

describe("claims when the table cannot be used", () => {
  const ids = messageIds(1000);
  const failing = () => {
    const mock = mockClient(dynamodbClient());
    const world = instance(mock as unknown as DynamoDBClient);
    const answers = async () => (await world.claim(...ids)).verdicts.map(({ kind }) => kind);
    return { mock, ...world, answers };
  };
  const all = (kind: string) => ids.map(() => kind);

  it("let messages go on unclaimed, and leave the table alone for five seconds", async () => {
    const { mock, clock, answers, log } = failing();
    mock.on(UpdateItemCommand).rejects(awsError("TimeoutError"));

    const first = await answers();
    const callsOfFirst = mock.calls().length;
    const second = await answers();
    const callsOfBoth = mock.calls().length;
    clock.at += 5_000;
    mock.on(UpdateItemCommand).resolves({});
    const third = await answers();

    expect([first, second, third]).toEqual([all("unclaimed"), all("unclaimed"), all("mine")]);
    expect(callsOfBoth).toBe(callsOfFirst);
    expect(log.lines.some(({ message }) => message.startsWith("Messages are not claimed"))).toBe(true);
  });

  it("go on asking a table of which only a part is overloaded or full", async () => {
    const { mock, answers } = failing();
    mock
      .on(UpdateItemCommand)
      .rejectsOnce(awsError("ThrottlingException"))
      .rejectsOnce(awsError("ValidationException"))
      .resolves({});

    const kinds = await answers();

    expect(mock.calls()).toHaveLength(4);
    expect(new Set(kinds)).toEqual(new Set(["mine", "unclaimed"]));
  });

  it("begin no further call when there is no time", async () => {
    const { mock, store } = failing();
    mock.on(UpdateItemCommand).resolves({});
    const spread = ids.map((messageId, i) => ({ messageId, sentAtMs: NOW_MS - 1000 * i }));

    const { verdicts } = await store.claim(spread, NOW_MS + 60_000, () => mock.calls().length < 50);

    expect(mock.calls()).toHaveLength(50);
    expect(verdicts.filter(({ kind }) => kind === "mine")).toHaveLength(50);
    expect(verdicts.filter(({ kind }) => kind === "unclaimed")).toHaveLength(950);
  });

  it("write an end where a claim may have been written that failed", async () => {
    const client = table.newClient();
    let isDown = true;
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (isDown) throw awsError("TimeoutError");
        return answer;
      },
      { step: "initialize" },
    );
    const [kept = "", returned = ""] = messageIds(2);
    const unlucky = await instance(client).claim(kept, returned);
    isDown = false;
    await unlucky.end([returned]);

    const { verdicts } = await instance().claim(kept, returned);

    expect(unlucky.verdicts).toEqual([{ kind: "unclaimed" }, { kind: "unclaimed" }]);
    expect(verdicts).toEqual([{ kind: "done" }, { kind: "mine" }]);
  });

  it("write no end where nothing was begun", async () => {
    const { mock, store } = failing();
    const messages = ids.map((messageId) => ({ messageId, sentAtMs: NOW_MS }));
    const { end } = await store.claim(messages, NOW_MS + 60_000, () => false);
    mock.resetHistory();

    await end([]);

    expect(mock.calls()).toEqual([]);
  });

  it("wait for an earlier owner whose end cannot be read, be its time over or not", async () => {
    const [id = ""] = messageIds(1);
    const unfinished = instance();
    const client = table.newClient();
    const { end } = await unfinished.claim(id);
    await end([]);
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (context["commandName"] === "GetItemCommand") throw awsError("InternalServerError");
        return next(args);
      },
      { step: "initialize" },
    );
    const unlucky = instance(client);

    const early = await unlucky.claim(id);
    await early.end([id]);
    unlucky.clock.at += 65_000;
    const late = await unlucky.claim(id);

    expect(early.verdicts).toEqual([BUSY]);
    expect(late.verdicts).toEqual([{ kind: "busy", untilMs: NOW_MS + 75_000 }]);
  });

  it("do not stop an invocation whose end cannot be written", async () => {
    const { mock, claim, log } = failing();
    mock.on(UpdateItemCommand).resolves({}).on(GetItemCommand).resolves({});
    const { end } = await claim(...ids);
    mock.on(UpdateItemCommand).rejects(awsError("TimeoutError"));

    await end([]);

    expect(log.lines.some(({ message }) => message.startsWith("An invocation's end is not noted"))).toBe(
      true,
    );
  });
});
