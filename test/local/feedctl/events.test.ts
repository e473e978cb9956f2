import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { LedgerAnswer } from "../../../shared/api/ledger.schema.ts";
import type { ProblemCode } from "../../../shared/api/problem-codes.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { feedctl, startFeedctl } from "./feedctl-process.ts";

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

const FROM = "2026-11-20T00:00:00.000Z";
const TO = "2026-11-21T00:00:00.000Z";
const MIDDLE = "2026-11-20T12:00:00.000Z";
const REPLAY = "replay acme --from 2026-11-20 --to 2026-11-21";

/** A replay of two slices. */
function answerSlices(
  first: { events: number; failures?: number },
  second: { events: number; failures?: number },
) {
  api.answers.replayRejected = ({ body: { from } }) => ({
    status: 200,
    body: from === FROM ? { failures: 0, ...first, continueFrom: MIDDLE } : { failures: 0, ...second },
  });
}

test("a replay goes on until all of it is done", async () => {
  answerSlices({ events: 1200 }, { events: 34 });

  const { code, stdout, stderr } = await run(`${REPLAY} --code event_invalid`);

  expect(code).toBe(0);
  expect(api.calls.map(({ request }) => request.body)).toEqual([
    { from: FROM, to: TO, codes: ["event_invalid"] },
    { from: MIDDLE, to: TO, codes: ["event_invalid"] },
  ]);
  expect(stdout).toBe("Back on the queue: 1,234 events\n");
  expect(stderr).toBe("1,200 events, up to 2026-11-20 12:00:00Z\n1,234 events, up to 2026-11-21 00:00:00Z\n");
});

test("a replay's sums are one document, and failures an exit code", async () => {
  answerSlices({ events: 5, failures: 1 }, { events: 6, failures: 2 });

  const { code, stdout } = await run(`${REPLAY} --json`);

  expect(code).toBe(7);
  expect(JSON.parse(stdout)).toEqual({ events: 11, failures: 3 });
});

test("a replay that breaks off tells how to go on", async () => {
  api.answers.replayRejected = ({ body: { from } }) => {
    if (from !== FROM) throw new ProblemError("busy", "Another replay is under way.");
    return { status: 200, body: { events: 5, failures: 0, continueFrom: MIDDLE } };
  };

  const { code, stdout, stderr } = await run(`${REPLAY} --feed ios --code event_invalid`);

  expect({ code, stdout }).toEqual({ code: 8, stdout: "" });
  expect(stderr).toContain(
    `Back on the queue: 5 events. To go on:\n  feedctl replay acme --from ${MIDDLE} --to ${TO} --feed ios --code event_invalid\nfeedctl: Another replay is under way. (request `,
  );
});

test.each<[ProblemCode, number]>([
  ["not_found", 4],
  ["invalid_request", 1],
  ["conflict", 5],
  ["not_allowed", 6],
])("a replay that is refused at once is not to go on: %s", async (problem, exit) => {
  api.answers.replayRejected = () => {
    throw new ProblemError(problem, "It is not possible.");
  };

  const { code, stderr } = await run(REPLAY);
  const json = await run(`${REPLAY} --json`);

  expect(code).toBe(exit);
  expect(stderr).toMatch(/^feedctl: It is not possible\. \(request \S+\)\n$/);
  expect(JSON.parse(json.stderr)).not.toHaveProperty("notes");
});

test("a replay that is refused on the way tells how far it came", async () => {
  api.answers.replayRejected = ({ body: { from } }) => {
    if (from !== FROM) throw new ProblemError("conflict", "The tenant is being deleted.");
    return { status: 200, body: { events: 0, failures: 0, continueFrom: MIDDLE } };
  };

  const { code, stderr } = await run(REPLAY);

  expect(code).toBe(5);
  expect(stderr).toContain(
    `Back on the queue: 0 events. To go on:\n  feedctl replay acme --from ${MIDDLE} --to ${TO}\nfeedctl: `,
  );
});

test.each([
  ["is busy", 8, ""],
  ["does not answer", 3, " --url http://127.0.0.1:1"],
])("a replay that has not begun, as the API %s, tells how to begin", async (_, exit, options) => {
  api.answers.replayRejected = () => {
    throw new ProblemError("busy", "Another replay is under way.");
  };

  const { code, stderr } = await run(REPLAY + options);

  expect(code).toBe(exit);
  expect(stderr).toContain(
    `Back on the queue: 0 events. To go on:\n  feedctl replay acme --from ${FROM} --to ${TO}\nfeedctl: `,
  );
});

test("Ctrl-C ends a replay and tells how to go on", async () => {
  const asked = Promise.withResolvers<void>();
  const never = Promise.withResolvers<never>();
  api.answers.replayRejected = async ({ body: { from } }) => {
    if (from === FROM) return { status: 200, body: { events: 5, failures: 0, continueFrom: MIDDLE } };
    asked.resolve();
    return never.promise;
  };
  const child = startFeedctl(REPLAY.split(" "), { env: env() });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  await asked.promise;

  child.kill("SIGINT");

  const [stdout, stderr, [code]] = await ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toContain(`feedctl replay acme --from ${MIDDLE} --to ${TO}\nfeedctl: Interrupted`);
  never.promise.catch(() => {});
  never.reject(new Error("The test is over"));
});

test("a replay that does not get on ends", async () => {
  api.answers.replayRejected = () => ({ status: 200, body: { events: 0, failures: 0, continueFrom: FROM } });

  const { code } = await run(REPLAY);

  expect(code).toBe(1);
  expect(api.calls).toHaveLength(1);
});

const balance = {
  received: 10,
  delivered: 8,
  filtered: 1,
  rejected: 1,
  held: 0,
  inProgress: 0,
  uncounted: 0,
  addsUp: true,
};

test("a ledger is a table with its sum, and says that it adds up", async () => {
  const total = { ...balance, received: 1020, delivered: 1018 };
  const ledger: LedgerAnswer = {
    accounts: [
      { feedId: "ios", hour: "2026-11-24T03", ...balance },
      { hour: "2026-11-24T04", ...balance, received: 1010, delivered: 1010, filtered: 0, rejected: 0 },
    ],
    total: { ...total, filtered: 1, rejected: 1 },
  };
  api.answers.getLedger = () => ({ status: 200, body: ledger });

  const { code, stdout } = await run("ledger acme");

  expect(code).toBe(0);
  expect(
    stdout,
  ).toBe(`hour           feed       received  delivered  filtered  rejected  held  in progress  uncounted  adds up
2026-11-24T03  ios              10          8         1         1     0            0          0  yes
2026-11-24T04  (unknown)     1,010      1,010         0         0     0            0          0  yes
all                          1,020      1,018         1         1     0            0          0  yes
It adds up: every event is in one place.
`);
  expect(JSON.parse((await run("ledger acme --json")).stdout)).toEqual(ledger);
});

test("a ledger that does not add up is an exit code of its own", async () => {
  const wrong = { ...balance, received: 11, addsUp: false };
  api.answers.getLedger = () => ({
    status: 200,
    body: { accounts: [{ feedId: "ios", hour: "2026-11-24T03", ...wrong }], total: wrong },
  });

  const { code, stdout } = await run("ledger acme");

  expect(code).toBe(7);
  expect(stdout).toMatch(/no\nIt does not add up\.\n$/);
  expect((await run("ledger acme --json")).code).toBe(7);
});

test.each([
  ["rejected", "code", "event_invalid"],
  ["held", "cause", "feed_paused"],
] as const)("%s adds up what one hour has on several pages", async (kind, why, code) => {
  const count = (events: number, id: string, hour = "2026-11-24T03") => ({
    [why]: code,
    feedId: "ios",
    hour,
    events,
    messageIds: [id],
  });
  const pages = [
    { counts: [count(2, "a")], unreadable: 1, next: "Y3Vyc29y" },
    { counts: [count(3, "b"), count(4, "c", "2026-11-24T04")], unreadable: 1 },
  ];
  const answer = ({ query }: { query: { cursor?: string | undefined } }) => ({
    status: 200,
    body: pages[query.cursor ? 1 : 0],
  });
  api.answers = { [kind === "held" ? "listHeld" : "listRejected"]: answer };

  const { stdout, stderr } = await run(`${kind} acme`);
  const json = await run(`${kind} acme --json`);

  expect(stdout).toBe(`hour           feed  ${why.padEnd(code.length)}  events  some message ids
2026-11-24T03  ios   ${code}       5  a b
2026-11-24T04  ios   ${code}       4  c
9 ${kind} events
`);
  expect(stderr).toBe("Could not be read: 2 objects; the function's log has them.\n");
  expect(JSON.parse(json.stdout)).toEqual({
    counts: [{ ...count(5, "a"), messageIds: ["a", "b"] }, count(4, "c", "2026-11-24T04")],
    unreadable: 2,
  });
});
