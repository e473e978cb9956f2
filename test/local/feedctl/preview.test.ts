import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { fakeTerminal, feedctlAt } from "./fake-terminal.ts";
import { feedctl } from "./feedctl-process.ts";

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.calls.length = 0;
  api.answers = {};
});

const env = () => ({ FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN });
const run = (command: string, input = "") => feedctl(command.split(" "), { env: env(), input });

const delivered = (messageId: string) => ({
  ending: "delivered" as const,
  messageId,
  batches: [0],
  findings: [],
});

/** A batch for each request. */
function answerPreviews() {
  api.answers.preview = ({ body: { events } }) => ({
    status: 200,
    body: {
      events: events.map((event) => delivered((event as { messageId: string }).messageId)),
      batches: [
        {
          route: "live",
          reason: "young",
          bytes: 100,
          events: events.length,
          batch: { user: "x" },
          findings: [],
        },
      ],
    },
  });
}

test("a preview shows events, batches, routes and findings", async () => {
  api.answers.previewFeed = () => ({
    status: 200,
    body: {
      events: [
        {
          ...delivered("m-1"),
          batches: [0, 1],
          findings: [{ code: "name_trimmed", severity: "info", path: "event" }],
        },
        { ending: "filtered", messageId: "m-2", rule: "consent", batches: [], findings: [] },
      ],
      batches: [
        {
          route: "live",
          reason: "no event is older than 30 days",
          bytes: 1234,
          events: 1,
          batch: { a: 1 },
          findings: [],
        },
        {
          route: "historical",
          reason: "older than 30 days",
          bytes: 99,
          events: 1,
          batch: { b: 2 },
          findings: [],
        },
      ],
    },
  });

  const { code, stdout } = await run(
    "preview - --tenant acme --batches",
    '{"type":"track"}\n\n{"type":"page"}\n',
  );

  expect(code).toBe(0);
  expect(api.calls[0]?.request).toMatchObject({
    params: { tenantId: "acme", feedId: "default" },
    body: { events: [{ type: "track" }, { type: "page" }] },
  });
  expect(stdout).toBe(`event  message id  ending     batch  why, and findings
    1  m-1         delivered  1 2    name_trimmed at event
    2  m-2         filtered          consent

batch  route       events  bytes  why this route, and findings
    1  live             1  1,234  no event is older than 30 days
    2  historical       1     99  older than 30 days

batch 1
{
  "a": 1
}

batch 2
{
  "b": 2
}

2 events: 1 delivered, 1 filtered, 0 rejected; 1 live and 1 historical batches. Nothing was sent.
`);
});

test("an event that the API cannot read costs no other event its preview", async () => {
  answerPreviews();
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const lines = Array.from({ length: 10 }, (_, i) =>
    i === 6 ? `{"messageId":"m-7","properties":${deep(100)}}` : `{"messageId":"m-${i + 1}"}`,
  );

  const { code, stdout, stderr } = await run("preview -", lines.join("\n"));

  expect(stdout.match(/^ +\d+ {2}m-\d+/gm)?.map((line) => line.trim())).toEqual(
    [1, 2, 3, 4, 5, 6, 8, 9, 10].map((number) => `${number}  m-${number}`),
  );
  expect(stderr).toContain(
    "Event 7 is not taken by the API (the body nests deeper than 64): it is left out.\n",
  );
  expect(code).toBe(7);
});

test("says a sentence once, on a narrow terminal too, and what filters an event not twice", async () => {
  const weak = { code: "identity_weak", severity: "warning", path: "userId", message: "Nobody is known." };
  const unusable = { code: "alias_unusable", severity: "warning", message: "It says nothing." };
  api.answers.preview = () => ({
    status: 200,
    body: {
      events: [
        { ...delivered("a"), batches: [], findings: [weak] },
        { ...delivered("b"), batches: [], findings: [weak] },
        { ending: "filtered", rule: "alias_unusable", why: "No id.", batches: [], findings: [unusable] },
      ],
      batches: [],
    },
  });
  const wide = await run("preview -", "{}\n");
  const terminal = fakeTerminal({ columns: 30 });
  terminal.input.push("{}\n");
  terminal.input.push(null);

  await feedctlAt(terminal, ["preview", "-"], env());

  expect(wide.stdout).toBe(`event  message id  ending     why, and findings
    1  a           delivered  identity_weak at userId: Nobody is known.
    2  b           delivered  identity_weak at userId
    3              filtered   alias_unusable: No id.

3 events: 2 delivered, 1 filtered, 0 rejected; 0 live and 0 historical batches. Nothing was sent.
`);
  expect(terminal.screen().match(/Nobody/g)).toHaveLength(1);
});

test("an event that would be rejected is an exit code of its own", async () => {
  api.answers.preview = () => ({
    status: 200,
    body: { events: [{ ending: "rejected", batches: [], findings: [] }], batches: [] },
  });

  expect((await run("preview -", "{}\n")).code).toBe(7);
});

test("a preview takes queue messages with their modes, and settings that are not stored", async () => {
  answerPreviews();
  const lines = [
    { version: 1, tenantId: "acme", mode: "historical", events: [{ messageId: "a" }, { messageId: "b" }] },
    { version: 1, tenantId: "acme", mode: "historical", events: [{ messageId: "c" }] },
    { version: 1, tenantId: "acme", events: [{ messageId: "d" }] },
  ];

  const { stdout } = await run(
    "preview - --set mapping.preset=datafly --set pod=eu1 --sent-at 2026-11-24 --json",
    lines.map((line) => JSON.stringify(line)).join("\n"),
  );

  const asked = {
    feed: expect.objectContaining({ pod: "eu1", mapping: expect.objectContaining({ preset: "datafly" }) }),
  };
  const sentAt = "2026-11-24T00:00:00.000Z";
  expect(api.calls.map(({ request }) => request.body)).toMatchObject([
    {
      ...asked,
      sentAt,
      mode: "historical",
      events: [{ messageId: "a" }, { messageId: "b" }, { messageId: "c" }],
    },
    { ...asked, sentAt, events: [{ messageId: "d" }] },
  ]);
  const { events, batches } = JSON.parse(stdout);
  expect(events.map((event: { batches: number[] }) => event.batches)).toEqual([[0], [0], [0], [1]]);
  expect(batches).toHaveLength(2);
});

test("a preview of many events is asked in parts, each as large as one may be", async () => {
  answerPreviews();
  const big = "x".repeat(400_000);
  const small = Array.from({ length: 150 }, (_, i) => ({ messageId: `m-${i}` }));
  const events = [...small, ...[1, 2, 3].map((i) => ({ messageId: `big-${i}`, big }))];

  const { code, stderr } = await run("preview -", events.map((event) => JSON.stringify(event)).join("\n"));

  expect(code).toBe(0);
  expect(
    api.calls.map(({ request }) => (request.body as unknown as { events: unknown[] }).events.length),
  ).toEqual([100, 52, 1]);
  expect(stderr).toBe(
    "Asked in 3 parts: events are merged into batches within a part only, and may be merged further on the way.\n",
  );
});

test("a preview says once what is remarked on the settings, however many parts it is asked in", async () => {
  const remark = {
    pointer: "/mapping/rules/1",
    code: "rule_unreached",
    message: "is never reached",
  } as const;
  api.answers.preview = ({ body: { events } }) => ({
    status: 200,
    body: { events: events.map(() => delivered("a")), batches: [], remarks: [remark] },
  });

  const { stdout, stderr } = await run("preview - --json", '{"messageId":"a"}\n'.repeat(150));

  expect(api.calls).toHaveLength(2);
  expect(stderr.match(/remark: mapping\.rules\.1 is never reached\n/g)).toHaveLength(1);
  expect(JSON.parse(stdout).remarks).toEqual([remark]);
});

test("a preview for a tenant leaves out what is for others", async () => {
  api.answers.previewFeed = () => ({ status: 200, body: { events: [delivered("a")], batches: [] } });
  const lines = [
    { version: 1, tenantId: "acme", events: [{ messageId: "a" }] },
    { version: 1, tenantId: "other", events: [{ messageId: "b" }] },
    { version: 1, tenantId: "acme", feedId: "web", events: [{ messageId: "c" }] },
  ];
  const input = lines.map((line) => JSON.stringify(line)).join("\n");

  const some = await run("preview - --tenant acme", input);
  const none = await run("preview - --tenant nobody", input);

  expect(some.stderr).toBe("Left out, for other tenants or feeds: 2 messages.\n");
  expect(api.calls.map(({ request }) => request.body)).toEqual([{ events: [{ messageId: "a" }] }]);
  expect(none.code).toBe(2);
});

test("a preview leaves out lines that are no event and no message, and keeps the order of the others", async () => {
  answerPreviews();
  const message = { version: 1, tenantId: "acme", events: [{ messageId: "b" }] };
  const lines = [
    '{"messageId":"a"}',
    JSON.stringify(message),
    "secret-words",
    JSON.stringify({ ...message, version: 2 }),
    JSON.stringify({ ...message, tenantId: 5 }),
    '{"messageId":"c"}',
  ];

  const { code, stderr } = await run("preview -", `\uFEFF${lines.join("\r\n")}`);

  expect(code).toBe(7);
  expect(stderr).toBe(
    [
      "Line 3 is not JSON: it is left out.",
      "Line 4 is no queue message (version must be 1): it is left out.",
      "Line 5 is no queue message (tenantId must be string): it is left out.",
      "",
    ].join("\n"),
  );
  expect(api.calls.map(({ request }) => request.body)).toMatchObject([
    { events: [{ messageId: "a" }, { messageId: "b" }, { messageId: "c" }] },
  ]);
});

test.each([
  ["", "there is no event in it"],
  ["\n\n", "there is no event in it"],
  ['{"events":[]}', "there is no event in it: line 1 is no queue message (version is required)"],
  ["\nsecret-words\n5,6", "there is no event in it: line 2 is not JSON"],
])("a preview of what holds no events sends nothing, and says why that is none: %j", async (input, said) => {
  const { code, stderr } = await run("preview -", input);

  expect({ code, stderr }).toEqual({ code: 2, stderr: `feedctl: ${said}\n` });
  expect(api.calls).toEqual([]);
});
