import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatFields } from "../../../local/feedctl/terminal/field-list.ts";
import type { Paper } from "../../../local/feedctl/terminal/paper.ts";
import { printable, printableJson } from "../../../local/feedctl/terminal/printable.ts";
import { type Column, formatTable } from "../../../local/feedctl/terminal/table.ts";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { fakeTerminal, feedctlAt, feedctlHere } from "./fake-terminal.ts";

const paper = (width?: number): Paper => ({ width, paint: (_style, text) => text });

interface Row {
  readonly id: string;
  readonly count: number | undefined;
  readonly note?: string;
}
const columns: Column<Row>[] = [
  { title: "id", value: ({ id }) => id },
  { title: "count", value: ({ count }) => count },
  { title: "note", value: ({ note }) => note, isProse: true },
];

test("a table has numbers to the right, and no column that is empty", () => {
  const rows = [
    { id: "acme", count: 1234567 },
    { id: "north-loyalty", count: 0 },
  ];

  expect(formatTable(columns, rows, paper())).toBe(
    ["id                 count", "acme           1,234,567", "north-loyalty          0", ""].join("\n"),
  );
});

test("wide characters take the room that they take", () => {
  const rows = [
    { id: "日本", count: 1 },
    { id: "abcd", count: 2 },
  ];

  expect(formatTable(columns, rows, paper())).toBe("id    count\n日本      1\nabcd      2\n");
});

test("sentences are broken where the terminal ends", () => {
  const rows = [{ id: "acme", count: 1, note: "a sentence that is too long for what is left" }];

  const lines = formatTable(columns, rows, paper(40)).split("\n");

  expect(lines).toEqual([
    "id    count  note",
    "acme      1  a sentence that is too long",
    "             for what is left",
    "",
  ]);
});

test("on a terminal that is too narrow each row is a block: no id is cut", () => {
  const rows = [
    { id: "a-very-long-id-that-must-be-copied", count: 1, note: "x" },
    { id: "b", count: undefined, note: "y" },
  ];

  expect(formatTable(columns, rows, paper(30))).toBe(
    "id     a-very-long-id-that-must-be-copied\ncount  1\nnote   x\n\nid    b\nnote  y\n",
  );
});

test("fields are aligned and broken, and left out where there is nothing", () => {
  const fields = [
    ["tenant", "acme"],
    ["meaning", "mParticle accepted a test event with these keys."],
    ["screen", undefined],
  ] as const;

  expect(formatFields(fields, paper(40))).toBe(
    "tenant   acme\nmeaning  mParticle accepted a test event\n         with these keys.\n",
  );
});

test.each([
  ["plain äöü 日本", "plain äöü 日本"],
  ["\u001b[31mred", "\\u001b[31mred"],
  ["a\nb\tc\u0000", "a\\u000ab\\u0009c\\u0000"],
  ["\u202egnp.exe", "\\u202egnp.exe"],
])("makes text harmless: %j", (text, harmless) => {
  expect(printable(text)).toBe(harmless);
});

test("makes a document harmless, and keeps it", () => {
  const document = { "a\u009b": ["\u202e", "\u007f", "line\nbreak", "\\u001b"] };

  const json = printableJson(document);

  expect(JSON.parse(json)).toEqual(document);
  expect(json).not.toMatch(/[\u007f-\u009f\u202e]/);
});

let api: FakeApi;
const env = () => ({ FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN });
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.calls.length = 0;
  api.answers = {};
});

test.each(["y", "yes", "Y"])("deletes when the person says %s", async (yes) => {
  const terminal = fakeTerminal();

  const [code] = await Promise.all([
    feedctlAt(terminal, ["tenants", "delete", "acme"], env()),
    terminal.answer("Delete the tenant acme", `${yes}\r`),
  ]);

  expect(code).toBe(0);
  expect(api.calls.at(-1)?.operationId).toBe("deleteTenant");
});

test.each([
  ["\r", 2],
  ["n\r", 2],
  ["yellow\r", 2],
  ["\u0003", 130],
  ["\u0004", 130],
])("deletes nothing when the person types %j", async (typed, exit) => {
  const terminal = fakeTerminal();

  const [code] = await Promise.all([
    feedctlAt(terminal, ["feeds", "delete", "acme", "ios"], env()),
    terminal.answer("Delete the production feed ios of acme", typed),
  ]);

  expect(code).toBe(exit);
  expect(api.calls.map(({ operationId }) => operationId)).toEqual(["getFeed"]);
});

test("keys are asked for, and never shown", async () => {
  const terminal = fakeTerminal();

  const [code] = await Promise.all([
    feedctlAt(terminal, ["credentials", "put", "acme", "ios"], env()),
    terminal.answer("API key: ", "my-key\r").then(() => terminal.answer("API secret: ", "my-secret\r")),
  ]);

  expect(code).toBe(0);
  expect(api.calls.at(-1)?.request.body).toEqual({ apiKey: "my-key", apiSecret: "my-secret" });
  expect(terminal.screen()).toMatch(/^API key: \nAPI secret: \nkeys/);
  expect(terminal.screen()).not.toMatch(/my-/);
});

test.each(["my-key\rmy-secret\r", "my-key\nmy-secret\n", "my-key\r\nmy-secret\r\n", "my-key\rmy-secret\r\r"])(
  "key and secret that are pasted at once both arrive: %j",
  async (pasted) => {
    const terminal = fakeTerminal();

    const [code] = await Promise.all([
      feedctlAt(terminal, ["credentials", "put", "acme", "ios"], env()),
      terminal.answer("API key: ", pasted),
    ]);

    expect(code).toBe(0);
    expect(api.calls.at(-1)?.request.body).toEqual({ apiKey: "my-key", apiSecret: "my-secret" });
    expect(terminal.screen()).not.toMatch(/my-/);
  },
);

test("a secret that is half pasted is finished by hand", async () => {
  const terminal = fakeTerminal();

  await Promise.all([
    feedctlAt(terminal, ["credentials", "put", "acme", "ios"], env()),
    terminal.answer("API key: ", "my-key\rmy-").then(() => terminal.answer("API secret: ", "secret\r")),
  ]);

  expect(api.calls.at(-1)?.request.body).toEqual({ apiKey: "my-key", apiSecret: "my-secret" });
});

test("Ctrl-C at a question sends nothing", async () => {
  const terminal = fakeTerminal();

  const [code] = await Promise.all([
    feedctlAt(terminal, ["credentials", "put", "acme", "ios"], env()),
    terminal.answer("API key: ", "my-key\r").then(() => terminal.answer("API secret: ", "half\u0003")),
  ]);

  expect(code).toBe(130);
  expect(api.calls).toEqual([]);
  expect(terminal.screen()).toBe("API key: \nAPI secret: \nfeedctl: Interrupted.\n");
});

test("a signal at a question ends it", async () => {
  const terminal = fakeTerminal();
  const interrupt = new AbortController();

  const [code] = await Promise.all([
    feedctlAt(terminal, ["tenants", "delete", "acme"], env(), interrupt.signal),
    terminal.shows("[y/N]").then(() => interrupt.abort()),
  ]);

  expect(code).toBe(130);
  expect(terminal.screen()).toMatch(/\nfeedctl: Interrupted\.\n$/);
});

test.each([
  ["credentials", "put", "acme", "ios"],
  ["preview", "-"],
])("a signal ends the wait for standard input: %s", async (...args) => {
  const interrupt = new AbortController();
  const ended = feedctlHere(args, { env: env(), interrupted: interrupt.signal });

  interrupt.abort();

  expect(await ended).toEqual({ code: 130, stdout: "", stderr: "feedctl: Interrupted.\n" });
  expect(api.calls).toEqual([]);
});

test("a replay shows a bar, and takes it away at the end", async () => {
  const terminal = fakeTerminal();
  const MIDDLE = "2026-11-23T18:00:00.000Z";
  api.answers.replayRejected = async ({ body: { from } }) => {
    if (from < MIDDLE) return { status: 200, body: { events: 10, failures: 0, continueFrom: MIDDLE } };
    await terminal.shows("25 %  10 events, up to 2026-11-23 18:00:00Z");
    return { status: 200, body: { events: 10, failures: 0 } };
  };

  const code = await feedctlAt(terminal, ["replay", "acme", "--from", "24h"], env());

  expect(code).toBe(0);
  expect(terminal.screen()).toContain("██████░░");
  expect(terminal.screen()).toMatch(/\[2KBack on the queue: 20 events\n$/);
});
