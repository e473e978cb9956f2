import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PROBLEMS, type ProblemCode } from "../../../shared/api/problem-codes.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { feedctlHere } from "./fake-terminal.ts";
import { feedctl } from "./feedctl-process.ts";

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.answers = {};
});

const run = (command: string, env: Record<string, string> = {}) =>
  feedctl(command.split(" "), { env: { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN, ...env } });

const here = (command: string) =>
  feedctlHere(command.split(" "), { env: { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN } });

const REQUEST = /\(request [0-9a-f-]{36}\)/;

test.each<[ProblemCode, number]>([
  ["invalid_request", 1],
  ["unauthenticated", 6],
  ["not_allowed", 6],
  ["not_found", 4],
  ["conflict", 5],
  ["key_in_use", 5],
  ["precondition_failed", 5],
  ["credentials_malformed", 1],
  ["busy", 8],
  ["internal", 1],
  ["unavailable", 8],
])("a problem %s is one line with the request's id, and exit code %i", async (problem, exit) => {
  api.answers.getTenant = () => {
    throw new ProblemError(problem, "It is not possible.");
  };

  const { code, stdout, stderr } = await here("tenants show acme");
  const json = await here("tenants show acme --json");

  expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
  expect(stderr).toMatch(/^feedctl: It is not possible\. \(request [0-9a-f-]{36}\)\n$/);
  expect(json).toMatchObject({ code: exit, stdout: "" });
  expect(JSON.parse(json.stderr)).toEqual({
    type: `urn:partner-feed-connector:problem:${problem}`,
    code: problem,
    title: PROBLEMS[problem].title,
    status: PROBLEMS[problem].status,
    detail: "It is not possible.",
    instance: expect.stringMatching(/^[0-9a-f-]{36}$/),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    exitCode: exit,
  });
});

test("a document tells the fields that the API finds wrong, and where to look them up", async () => {
  const { code, stdout, stderr } = await here("feeds create acme default pod=mars --json");

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(JSON.parse(stderr)).toMatchObject({
    code: "invalid_request",
    status: 400,
    errors: [{ pointer: "/pod", message: "must be one of us1, us2, eu1, au1" }],
    requestId: expect.any(String),
  });
});

test("an API that says when to come again is quoted, to people and to scripts", async () => {
  api.answers.getTenant = () => {
    throw new ProblemError("busy", "Another is at work.", { headers: { "retry-after": "5" } });
  };

  const people = await here("tenants show acme");
  const scripts = await here("tenants show acme --json");

  expect(people.stderr).toMatch(/^feedctl: Another is at work\. Try again in 5 seconds\. \(request \S+\)\n$/);
  expect(JSON.parse(scripts.stderr)).toMatchObject({ code: "busy", retryAfterSeconds: 5, exitCode: 8 });
});

test.each([
  [
    "Keys are being stored just now: try again in a minute.",
    "30",
    "Keys are being stored just now. Try again in 30 seconds.",
  ],
  [
    "It failed, and has been logged. Try again.",
    "0.5",
    "It failed, and has been logged. Try again in 1 second.",
  ],
  ["Try again in a moment.", "0", "Try again now."],
  ["The one before has to end", "2", "The one before has to end. Try again in 2 seconds."],
  ["Is it so? Ask others.", "1", "Is it so? Ask others. Try again in 1 second."],
])("advice to try again says once when: %j in %j", async (detail, seconds, line) => {
  api.answers.getTenant = () => {
    throw new ProblemError("busy", detail, { headers: { "retry-after": seconds } });
  };

  const { stderr } = await here("tenants show acme");

  expect(stderr.replace(REQUEST, "")).toBe(`feedctl: ${line} \n`);
});

test.each([
  ["tenants", "usage", 2, "a command is missing; see --help"],
  ["tenants shwo acme", "usage", 2, "unknown command 'shwo' (Did you mean show?); see --help"],
  ["tenants list --limit none", "usage", 2, "--limit must be a whole number over 0"],
  ["preview /nonexistent", "usage", 2, "cannot read /nonexistent (ENOENT)"],
  ["tenants list --url http://127.0.0.1:1", "unreachable", 3, "no answer from http://127.0.0.1:1: bad port"],
])(
  "feedctl %s --json fails with one document, of the form of the API's",
  async (command, kind, exit, said) => {
    for (const words of [`${command} --json`, `--json ${command}`]) {
      const { code, stdout, stderr } = await here(words);

      expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
      expect(JSON.parse(stderr)).toEqual({
        type: `urn:partner-feed-connector:feedctl:${kind}`,
        code: kind,
        title: expect.any(String),
        detail: said,
        exitCode: exit,
      });
    }
  },
);

test("an answer of what stands before the API is a document too", async () => {
  const headers = { "content-type": "application/json", "retry-after": "2" };
  await withServer({ status: 429, headers, body: '{"message":"Too Many Requests"}' }, async (url) => {
    const { code, stderr } = await run("tenants list --json", { FEEDCTL_URL: url });

    expect(code).toBe(8);
    expect(JSON.parse(stderr)).toEqual({
      type: "about:blank",
      title: "Too Many Requests",
      status: 429,
      detail: "The API takes no more requests just now: try again.",
      retryAfterSeconds: 2,
      exitCode: 8,
    });
  });
});

test("people are told once to try again by what stands before the API", async () => {
  const headers = { "content-type": "application/json", "retry-after": "7.2" };
  await withServer({ status: 429, headers, body: '{"message":"Too Many Requests"}' }, async (url) => {
    const { stderr } = await run("tenants list", { FEEDCTL_URL: url });

    expect(stderr).toBe("feedctl: The API takes no more requests just now. Try again in 8 seconds.\n");
  });
});

test("what was to be said beside an answer is in the document: how to go on", async () => {
  api.answers.replayRejected = ({ body: { from } }) => {
    if (from > "2026-11-20T00:00:00.000Z") throw new ProblemError("busy", "Another replay is under way.");
    return { status: 200, body: { events: 5, failures: 0, continueFrom: "2026-11-20T12:00:00.000Z" } };
  };

  const { code, stderr } = await here("replay acme --from 2026-11-20 --to 2026-11-21 --json");

  expect(code).toBe(8);
  expect(JSON.parse(stderr)).toMatchObject({
    code: "busy",
    notes: [
      "Back on the queue: 5 events. To go on:",
      "  feedctl replay acme --from 2026-11-20T12:00:00.000Z --to 2026-11-21T00:00:00.000Z",
    ],
  });
});

test("names the fields that the API finds wrong, as feedctl calls them", async () => {
  const { code, stderr } = await run("feeds create acme default pod=mars mapping.nullTraits=maybe");

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^feedctl: pod must be one of us1, us2, eu1, au1; mapping\.nullTraits must be one of ignore, delete \(request/,
  );
});

test("a question among what the API finds wrong needs no further mark", async () => {
  const { stderr } = await here("feeds create acme default mapping.preset=segmnt historicalAfterDays=1");

  expect(stderr).toMatch(
    /^feedctl: mapping\.preset must [^;]*: did you mean segment\? historicalAfterDays must be at least 3 \(/,
  );
});

test("names a parameter that the API finds wrong", async () => {
  const { code, stderr } = await run("links create acme --feed ios --hours 9999");

  expect(code).toBe(1);
  expect(stderr).toMatch(/^feedctl: expiresInHours must be at most 336 \(request/);
});

test("a token that is not the API's is told as such", async () => {
  const { code, stderr } = await run("tenants list", { FEEDCTL_TOKEN: "another" });

  expect(code).toBe(6);
  expect(stderr).toMatch(/^feedctl: The API does not know who calls: /);
  expect(stderr).not.toContain("another");
});

test("an API that is not there has an exit code of its own", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");

  const { code, stdout, stderr } = await run("tenants list", { FEEDCTL_URL: `http://127.0.0.1:${port}` });

  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toBe(`feedctl: no answer from http://127.0.0.1:${port}: ECONNREFUSED\n`);
});

/** Something that speaks HTTP and is not the API. */
async function withServer(
  answer: { status: number; headers?: Record<string, string>; body?: string; cut?: true },
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, answer.headers);
    response.write(answer.body ?? " ");
    if (answer.cut) response.socket?.destroy();
    else response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("follows no redirect: it would carry credentials elsewhere", async () => {
  await withServer({ status: 302, headers: { location: "https://example.com/" } }, async (url) => {
    const { code, stderr } = await run("tenants list", { FEEDCTL_URL: url });

    expect(code).toBe(3);
    expect(stderr).toBe(`feedctl: no answer from ${url}: unexpected redirect\n`);
  });
});

test("an answer that breaks off is none", async () => {
  const headers = { "content-type": "application/json", "content-length": "100" };
  await withServer({ status: 200, headers, body: '{"tenants":[', cut: true }, async (url) => {
    const { code, stdout } = await run("tenants list", { FEEDCTL_URL: url });

    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });
});

test.each([
  [{ status: 200, headers: { "content-type": "text/html" }, body: "<html>" }, 1],
  [{ status: 200, headers: { "content-type": "application/json" }, body: "<html>" }, 1],
  [{ status: 200, headers: { "content-type": "application/json" }, body: '{"hello":"world"}' }, 1],
  [{ status: 502, headers: { "content-type": "text/html" }, body: "<html>" }, 8],
  [{ status: 500, headers: { "content-type": "application/problem+json" }, body: "<html>" }, 1],
  [{ status: 404, headers: { "content-type": "application/json" }, body: "{}" }, 1],
  [{ status: 404, headers: { "content-type": "text/html" }, body: "<html>" }, 1],
])("what is not the API is told as such, without a stack trace: %j", async (answer, exit) => {
  await withServer(answer, async (url) => {
    const { code, stdout, stderr } = await run("tenants list", { FEEDCTL_URL: url });

    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toMatch(/^feedctl: [^\n]+\n$/);
  });
});

test("shows what a newer API answers as it came", async () => {
  const body = JSON.stringify({ tenants: [{ tenantId: "acme", status: "hibernating", blockedEvents: [] }] });
  await withServer({ status: 200, headers: { "content-type": "application/json" }, body }, async (url) => {
    const { code, stdout, stderr } = await run("tenants list", { FEEDCTL_URL: url });

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(body));
    expect(stderr).toBe("The API's answer is not of a form that this version knows:\n");
  });
});

test.each([
  "tenants",
  "tenants shwo acme",
  "tenants show",
  "tenants show a b",
  "tenants show ../feeds",
  "tenants list --limit 0",
  "tenants list --limit many",
  "tenants list --colour",
  "feeds set acme default",
  "feeds set acme default pod",
  "feeds set acme default planet=mars",
  "feeds set acme default historicalAfterDays=old",
  "feeds set acme default mapping.phoneAsIdentity=maybe",
  "feeds set acme default mapping=@/nonexistent",
  "links create acme",
  "links revoke acme short --yes",
  "ledger acme --from yesterday",
  "ledger acme --from 2026-11-25 --to 2026-11-24",
  "replay acme",
  "preview /nonexistent",
  "preview - --set pod=eu1 --tenant acme",
])("wrong usage sends nothing: feedctl %s", async (command) => {
  api.calls.length = 0;

  const { code, stdout, stderr } = await here(command);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).not.toBe("");
  expect(stderr).not.toMatch(/^ +at /m);
  expect(api.calls.filter(({ operationId }) => !operationId.startsWith("get"))).toEqual([]);
});

test.each([
  "tenants delete acme",
  "feeds delete acme default",
  "feeds go-live acme default",
  "links revoke acme Zm9vYmFyYmF6cXV4",
])("%s does nothing where nobody can be asked and nobody said --yes", async (command) => {
  api.calls.length = 0;

  const { code, stderr } = await run(command);

  expect(code).toBe(2);
  expect(stderr).toContain("say --yes");
  expect(api.calls.filter(({ operationId }) => !operationId.startsWith("get"))).toEqual([]);
});

test("keys that were given as arguments are refused, and not repeated", async () => {
  for (const command of [
    "credentials put acme default my-own-key my-own-secret",
    "credentials put acme default --api-key=my-own-key --api-secret=my-own-secret",
    "credentials put acme default --api-key my-own-key",
    "credentials put acme default --api-key=it's-my-own-key",
    "credentials put acme default a:my-own-key b:c",
    "credentials put acme default -my-own-key",
    "credentials put acme default --My-own-key",
    "credentials put acme my/own/key/my-own-secret",
    "credentials My-own-key",
  ]) {
    const { code, stdout, stderr } = await here(command);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toMatch(/my.own/i);
  }
});

test("tells the request's id of API Gateway's own answers too", async () => {
  const { stderr } = await run("tenants show acme", { FEEDCTL_TOKEN: "another" });
  api.answers.getTenant = () => {
    throw new ProblemError("internal", "It failed on our side.");
  };
  const own = await run("tenants show acme");

  expect(stderr).not.toMatch(REQUEST);
  expect(own.stderr).toMatch(REQUEST);
});
