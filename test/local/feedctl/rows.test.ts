import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local/aws/embedded-aws.ts";
import { feedctl } from "./feedctl-process.ts";

let aws: EmbeddedAws;
let sqs: SQSClient;
let queueUrl: string;
let directory: string;
let queues = 0;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  sqs = new SQSClient(aws.clientConfig);
});
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "rows-"));
  const made = await sqs.send(new CreateQueueCommand({ QueueName: `rows-${++queues}` }));
  queueUrl = made.QueueUrl ?? "";
});
afterEach(() => rmSync(directory, { recursive: true }));
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
}

const run = (args: readonly string[], input = "") =>
  feedctl(args, {
    input,
    env: {
      FEEDCTL_QUEUE_URL: queueUrl,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
  });

/** All events on the queue, message by message. */
async function sent(): Promise<{ tenantId: string; feedId?: string; events: Record<string, unknown>[] }[]> {
  const found = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return found;
    for (const { Body = "", ReceiptHandle } of Messages) {
      found.push(JSON.parse(Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}

const SEND = ["rows", "send"];
const TO = ["--model", "customers", "--tenant", "acme"];

test("rows of CSV become row messages, an empty cell null and a quoted one text", async () => {
  const csv = file("a.csv", '\ufeffid,name,note\r\n1,Ada,\r\n2,"Berg, Ben","two\nlines"\r\n3,"",NULL\r\n');

  const { code, stdout } = await run([...SEND, csv, ...TO, "--feed", "ios", "--null", "NULL"]);

  expect({ code, stdout }).toEqual({ code: 0, stdout: "3 rows read: 3 sent, 0 invalid, 0 failed\n" });
  const row = (position: number, values: unknown) => ({ type: "row", model: "customers", values, position });
  expect(await sent()).toEqual([
    {
      version: 1,
      tenantId: "acme",
      feedId: "ios",
      events: [
        row(2, { id: "1", name: "Ada", note: null }),
        row(4, { id: "2", name: "Berg, Ben", note: "two\nlines" }),
        row(5, { id: "3", name: "", note: null }),
      ],
    },
  ]);
});

test("rows of NDJSON keep the digits of long numbers", async () => {
  const input = '{"id":12345678901234567890,"n":1.5}\n\n{"id":1}\n';

  const { code } = await run([...SEND, "-", ...TO, "--format", "ndjson"], input);

  expect(code).toBe(0);
  expect((await sent()).flatMap(({ events }) => events.map(({ values }) => values))).toEqual([
    { id: "12345678901234567890", n: 1.5 },
    { id: 1 },
  ]);
});

test("lines end where an editor ends them, not at separators that JSON may hold", async () => {
  const ndjson = file("a.ndjson", '{"id":"a\u2028b"}\r\n{"id":"c\u2029"}\n');

  const { code } = await run([...SEND, ndjson, ...TO]);

  expect(code).toBe(0);
  expect((await sent()).flatMap(({ events }) => events.map(({ values }) => values))).toEqual([
    { id: "a\u2028b" },
    { id: "c\u2029" },
  ]);
});

test("a line that no message can hold costs its neighbours nothing", async () => {
  const ndjson = file("a.ndjson", `{"id":1}\n{"id":"${"x".repeat(2_100_000)}"}\n{"id":2}\n`);

  const { code, stdout } = await run([...SEND, ndjson, ...TO, "--dry-run"]);

  expect(code).toBe(7);
  expect(stdout).toContain("2 could be sent, 1 invalid, 0 failed\n  line 2 is larger than a queue message\n");
});

test("a line that is no row is told by its number, and costs its neighbours nothing", async () => {
  const ndjson = file("a.ndjson", '{"id":1}\nSECRET\n[1]\n{"id":2}\n');
  const csv = file("a.csv", "id,name\n1,a\nSECRET\n3,c\n");

  const ofJson = await run([...SEND, ndjson, ...TO, "--dry-run"]);
  const ofCsv = await run([...SEND, csv, ...TO]);

  expect(ofJson).toMatchObject({
    code: 7,
    stdout:
      "4 rows read: 2 could be sent, 2 invalid, 0 failed\n  line 2 is not JSON\n  line 3 is not an object\nNothing was sent.\n",
  });
  expect(ofCsv).toMatchObject({
    code: 7,
    stdout: "3 rows read: 2 sent, 1 invalid, 0 failed\n  line 3 has not as many cells as the first line\n",
  });
  expect((await sent()).flatMap(({ events }) => events)).toHaveLength(2);
});

test("a line with two faults is one line", async () => {
  const csv = file("a.csv", 'id,name\n1,a"b,c\n2,b\n');

  const { code, stdout } = await run([...SEND, csv, ...TO, "--dry-run"]);

  expect({ code, stdout }).toEqual({
    code: 7,
    stdout: "2 rows read: 1 could be sent, 1 invalid, 0 failed\n  line 2 is not CSV\nNothing was sent.\n",
  });
});

test.each([
  ["a quote that is never closed", '"b', "a quote that is not closed"],
  ["text behind a closing quote", '"b"SECRET', "a quote that is not closed"],
  ["a row larger than any message", "x".repeat(2_100_000), "a row of more than 2000000 bytes"],
])("%s stops the file with its line: good lines would be lost with it", async (_, cell, message) => {
  const csv = file("a.csv", `id,name\n1,a\n2,${cell}\n3,c\n4,d\n`);

  const { code, stdout, stderr } = await run([...SEND, csv, ...TO]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain("after line 2");
  expect(stderr).toMatch(/--from-line \d/);
  expect(stderr).not.toContain("SECRET");
});

test("many rows go in order, and those before a line can be left out", async () => {
  const ids = Array.from({ length: 5_000 }, (_, i) => i + 1);
  const ndjson = file("a.ndjson", ids.map((id) => `{"id":${id}}\n`).join(""));

  const { stdout } = await run([...SEND, ndjson, ...TO, "--from-line", "1001", "--json"]);

  expect(JSON.parse(stdout)).toMatchObject({ read: 4_000, sent: 4_000, invalid: 0, failed: 0 });
  const values = (await sent()).flatMap(({ events }) =>
    events.map(({ values }) => (values as { id: number }).id),
  );
  expect(values.sort((a, b) => a - b)).toEqual(ids.slice(1_000));
});

test.each([
  ["a column twice", "a,a\n1,2\n", "the first line names a column twice"],
  ["a column without a name", "a,\n1,2\n", "the first line must name every column"],
  ["other bytes than UTF-8", Uint8Array.of(0x61, 0x0a, 0xff, 0x0a), "the file is not UTF-8"],
])("a CSV file with %s is refused", async (_, content, message) => {
  const { code, stdout, stderr } = await run([...SEND, file("a.csv", content), ...TO]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(await sent()).toEqual([]);
});

test("a queue that is not there makes rows fail, and says so", async () => {
  const csv = file("a.csv", "id\n1\n");

  const { code, stdout } = await run([...SEND, csv, ...TO, "--queue-url", `${queueUrl}-gone`]);

  expect(code).toBe(7);
  expect(stdout).toContain("1 row read: 0 sent, 0 invalid, 1 failed\n  1 failed: ");
});

const MIRROR = ["audiences", "mirror", "--tenant", "acme", "--audience", "VIP"];

test("the mirror of an audience sends who joins and who leaves", async () => {
  const members = file("new.csv", "customer_id,email\n1,ada@example.com\n3,\n");
  const previous = file("old.csv", "customer_id\n1\n2\n");

  const { code, stdout } = await run([
    ...MIRROR,
    "--members",
    members,
    "--previous",
    previous,
    "--max-removed",
    "50%",
  ]);

  expect({ code, stdout }).toEqual({ code: 0, stdout: "1 join, 1 leave: 2 sent, 0 failed\n" });
  expect((await sent()).flatMap(({ events }) => events)).toMatchObject([
    { type: "audience", action: "add", audience: "VIP", userId: "3" },
    { type: "audience", action: "remove", audience: "VIP", userId: "2" },
  ]);
});

test("members that a phone number alone names are told, since not every feed takes them", async () => {
  const members = file("new.csv", "user_id;phone\n1;+1\n;+2\n;+3\n");

  const { code, stderr } = await run([
    ...MIRROR,
    "--members",
    members,
    "--first",
    "--delimiter",
    ";",
    "--dry-run",
  ]);

  expect(code).toBe(0);
  expect(stderr).toContain("2 are named by a phone number alone");
});

test.each([
  ["more would leave than may", "id\n", "1 of 2 members would leave", ["--max-removed", "0.2"]],
  ["a line names nobody", "id\n\n", "line 2 names nobody", []],
])("nothing is sent where %s", async (_, __, message, options) => {
  const previous = file("old.csv", "user_id\n1\n2\n");
  const members = file("new.csv", message.includes("nobody") ? 'user_id,x\n"",1\n' : "user_id\n1\n");

  const { code, stderr } = await run([...MIRROR, "--members", members, "--previous", previous, ...options]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(await sent()).toEqual([]);
});
