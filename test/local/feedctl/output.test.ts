import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { TenantAnswer } from "../../../shared/api/tenant.schema.ts";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { feedctl, feedctlInto, startFeedctl } from "./feedctl-process.ts";

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
const run = (command: string) => feedctl(command.split(" "), { env: env() });

const ALL: readonly TenantAnswer[] = Array.from({ length: 250 }, (_, i) => ({
  tenantId: `tenant-${String(i).padStart(3, "0")}`,
  status: i % 2 === 0 ? "active" : "paused",
  blockedEvents: [],
  updatedAt: "2026-11-24T03:00:00.000Z",
}));

/** A list of 250 tenants, as many on a page as are asked for. */
function answerPages() {
  api.answers.listTenants = ({ query: { limit, cursor = "0" } }) => {
    const at = Number(cursor);
    const end = at + limit;
    const tenants = ALL.slice(at, end);
    return { status: 200, body: { tenants, ...(end < ALL.length && { next: String(end) }) } };
  };
}

test("follows a list to its end", async () => {
  answerPages();

  const { stdout } = await run("tenants list --json");

  expect(JSON.parse(stdout)).toEqual({ tenants: ALL });
  expect(api.calls.map(({ request }) => request.query)).toEqual([
    { limit: 100 },
    { limit: 100, cursor: "100" },
    { limit: 100, cursor: "200" },
  ]);
});

test("--limit ends it earlier, asks for no more, and says where it goes on", async () => {
  answerPages();

  const { stdout } = await run("tenants list --json --limit 120");

  expect(JSON.parse(stdout)).toEqual({ tenants: ALL.slice(0, 120), next: "120" });
  expect(api.calls.map(({ request }) => request.query)).toEqual([
    { limit: 100 },
    { limit: 20, cursor: "100" },
  ]);
});

test("is an aligned table without colours where nobody looks", async () => {
  answerPages();

  const { stdout } = await run("tenants list --limit 2");

  expect(stdout).toBe(`tenant      status  updated
tenant-000  active  2026-11-24 03:00:00Z
tenant-001  paused  2026-11-24 03:00:00Z
`);
});

test("colours that are asked for are in the table, and in no document", async () => {
  answerPages();
  const forced = { ...env(), FORCE_COLOR: "1" };

  const table = await feedctl(["tenants", "list", "--limit", "2"], { env: forced });
  const document = await feedctl(["tenants", "list", "--limit", "2", "--json"], { env: forced });

  expect(table.stdout).toContain("\u001b[32mactive");
  expect(JSON.parse(document.stdout)).toEqual({ tenants: ALL.slice(0, 2), next: "2" });
});

test("a list without entries says so, and is a document with --json", async () => {
  expect(await run("tenants list")).toEqual({ code: 0, stdout: "no tenants\n", stderr: "" });
  expect(JSON.parse((await run("tenants list --json")).stdout)).toEqual({ tenants: [] });
});

test("text of others cannot move the cursor, and --json keeps it", async () => {
  const evil = "\u001b[2J\u009b31m\u202etxt\r\n";
  api.answers.listAudit = () => ({
    status: 200,
    body: {
      entries: [
        { at: "2026-11-24T03:00:00.000Z", action: "tenant_created", by: evil, details: { fields: evil } },
      ],
    },
  });

  const people = await run("audit acme");
  const scripts = await run("audit acme --json");

  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
  expect(people.stdout).not.toMatch(unsafe);
  expect(people.stdout.split("\n")).toHaveLength(3);
  expect(scripts.stdout).not.toMatch(unsafe);
  expect(JSON.parse(scripts.stdout).entries[0].by).toBe(evil);
});

test("is quiet when nobody reads any more", async () => {
  answerPages();
  const child = startFeedctl(["tenants", "list", "--json"], { env: env() });
  child.stdout.destroy();

  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test.each([
  [["tenants", "list"], "feedctl: standard output cannot be written (ENOSPC)\n"],
  [["tenants", "--help"], "feedctl: standard output cannot be written (ENOSPC)\n"],
  [["tenants", "list", "--json"], expect.stringContaining('"code": "output_lost"')],
])("says so, once and without a stack trace, where its answer cannot be written: %j", async (args, said) => {
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));

  expect(await feedctlInto(full, args, { env: env() })).toEqual({ code: 1, stderr: said });
});

test("is quiet when nobody reads its errors any more", async () => {
  const child = startFeedctl(["tenants", "list", "--limit", "none"], { env: env() });
  child.stderr.destroy();

  const [code] = await once(child, "close");

  expect(code).toBe(2);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends it with one document and nothing half printed",
  async (signal) => {
    const asked = Promise.withResolvers<void>();
    const never = Promise.withResolvers<never>();
    api.answers.pauseTenant = () => {
      asked.resolve();
      return never.promise;
    };
    const child = startFeedctl(["tenants", "pause", "acme", "--json"], { env: env() });
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    await asked.promise;

    child.kill(signal);

    const [stdout, stderr, [code]] = await ended;
    expect({ code, stdout, stderr }).toEqual({
      code: 130,
      stdout: "",
      stderr: expect.stringContaining("Interrupted; the API may carry out what was asked for."),
    });
    expect(JSON.parse(stderr)).toMatchObject({ code: "interrupted", exitCode: 130 });
    never.promise.catch(() => {});
    never.reject(new Error("The test is over"));
  },
);
