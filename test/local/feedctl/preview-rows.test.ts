import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeApi, startFakeApi, TOKEN } from "./fake-api.ts";
import { fakeTerminal, feedctlAt } from "./fake-terminal.ts";
import { feedctl } from "./feedctl-process.ts";
import { previewAnswers } from "./preview-world.ts";

let api: FakeApi;
let directory: string;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "preview-"));
  api.calls.length = 0;
  api.answers = { ...previewAnswers };
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (args: readonly string[], input = "") =>
  feedctl(args, { env: { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN }, input });

function file(name: string, content: string): string {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
}

const SETTINGS = ["--set", 'rows={"visits":{"eventType":"custom_event","otherColumns":"drop"}}'];
const asked = () => api.calls.map(({ request }) => request.body as unknown as { events: unknown[] });

test("rows of CSV are previewed by their model, and told by their lines", async () => {
  const csv = file("visits.csv", "customer_id,event_name\nc-1,Visit\nc-2,Visit,one too many\nc-3,\n");

  const { code, stdout, stderr } = await run(["preview", csv, "--rows", "visits", ...SETTINGS]);

  expect(asked()[0]?.events).toEqual([
    { type: "row", model: "visits", values: { customer_id: "c-1", event_name: "Visit" }, position: 2 },
    { type: "row", model: "visits", values: { customer_id: "c-3", event_name: null }, position: 4 },
  ]);
  expect(stdout).toMatch(/^line {2}message id/);
  expect(stdout).toMatch(/\n {3}2 {2}\S+ +delivered +row model visits +1/);
  expect(stdout).toMatch(/\n {3}4 {2}\S+ +rejected .*row_field_missing/);
  expect(stderr).toBe("Line 3 has not as many cells as the first line: it is left out.\n");
  expect(code).toBe(7);
});

test("rows of NDJSON come by standard input, with all digits of their numbers and a mode", async () => {
  const line = '{"customer_id":12345678901234567890,"event_name":"Visit"}\n';

  const args = ["preview", "-", "--rows", "visits", "--format", "ndjson", "--mode", "live", ...SETTINGS];
  const { code, stdout } = await run([...args, "--json"], line);

  expect(asked()).toMatchObject([
    { mode: "live", events: [{ values: { customer_id: "12345678901234567890" } }] },
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ events: [{ line: 1, ending: "delivered" }], leftOut: 0 });
  expect(code).toBe(0);
});

test("many rows are asked for in parts", async () => {
  const rows = Array.from({ length: 250 }, (_, i) => `c-${i},Visit`);
  const csv = file("visits.csv", ["customer_id,event_name", ...rows].join("\n"));

  const { code, stdout, stderr } = await run(["preview", csv, "--rows", "visits", ...SETTINGS]);

  expect(asked().map(({ events }) => events.length)).toEqual([100, 100, 50]);
  expect(stdout).toMatch(/\n {1}251 {2}\S+ +delivered +row model visits +250/);
  expect(stderr).toMatch(/^Asked in 3 parts: events are merged into batches within a part only/);
  expect(code).toBe(0);
});

const manyRows = (count: number) =>
  file(
    "visits.csv",
    [
      "customer_id,event_name",
      ...Array.from({ length: count }, (_, i) => `c-${i},${i % 2 ? "" : "Visit"}`),
    ].join("\n"),
  );

test("a summary counts findings, with the first line that has one and where they are explained", async () => {
  const args = ["preview", manyRows(150), "--rows", "visits", "--summary", ...SETTINGS];

  const { code, stdout } = await run(args);

  expect(stdout).toMatch(/^finding +severity +events +first line +where/);
  expect(stdout).toMatch(/\nrow_field_missing +error +75 +3 +.*See docs\/findings\.md#row_field_missing\n/);
  expect(stdout).toMatch(
    /\n150 events: 75 delivered, 0 filtered, 75 rejected; 75 live and 0 historical batches/,
  );
  expect(stdout).not.toContain("message id");
  expect(code).toBe(7);
  expect(JSON.parse((await run([...args, "--json"])).stdout)).toMatchObject({
    events: { total: 150, delivered: 75, rejected: 75 },
    batches: { live: 75, historical: 0 },
    findings: [{ code: "row_field_missing", events: 75, first: 3 }],
    leftOut: 0,
    firstLeftOut: [],
  });
});

test("findings of many events are counted below them, of a few they are not", async () => {
  const preview = async (count: number) =>
    (await run(["preview", manyRows(count), "--rows", "visits", ...SETTINGS])).stdout;

  expect(await preview(30)).toMatch(/message id[\s\S]+\nrow_field_missing +error +15 +3/);
  expect(await preview(4)).not.toContain("first line");
});

test("a terminal shows how far it is", async () => {
  const terminal = fakeTerminal();
  const answer = api.answers.preview;
  api.answers.preview = async (request) => {
    if (api.calls.length === 3) await terminal.shows("200 events previewed");
    if (!answer) throw new Error("no answer");
    return answer(request);
  };

  const code = await feedctlAt(
    terminal,
    ["preview", manyRows(250), "--rows", "visits", "--summary", ...SETTINGS],
    { FEEDCTL_URL: api.url, FEEDCTL_TOKEN: TOKEN },
  );

  expect(terminal.screen()).toContain("250 events: 125 delivered");
  expect(code).toBe(7);
});

test("a document tells the lines of rows, and the lines that are left out", async () => {
  const csv = file("visits.csv", "customer_id,event_name\nc-1,Visit\nc-2,Visit,one too many\nc-3,Visit\n");

  const { code, stdout } = await run(["preview", csv, "--rows", "visits", "--json", ...SETTINGS]);

  expect(JSON.parse(stdout)).toMatchObject({
    events: [{ line: 2 }, { line: 4 }],
    leftOut: 1,
    firstLeftOut: [{ line: 3, problem: "has not as many cells as the first line" }],
  });
  expect(code).toBe(7);
});

test.each([[[]], [["--json"]], [["--summary"]]])(
  "what came before a quote that is not closed is previewed, then the quote is told: %j",
  async (options) => {
    const csv = file("visits.csv", 'customer_id,event_name\nc-1,Visit\nc-2,Visit\nc-3,"Visit\n');

    const { code, stdout, stderr } = await run([
      ...["preview", csv, "--rows", "visits"],
      ...options,
      ...SETTINGS,
    ]);

    const said = "a quote that is not closed as CSV does begins after line 3: mend it";
    expect(code).toBe(2);
    if (options.includes("--json")) {
      expect(JSON.parse(stdout)).toMatchObject({ events: [{ line: 2 }, { line: 3 }], brokenOff: said });
      expect(JSON.parse(stderr)).toMatchObject({ code: "usage", detail: said });
    } else {
      expect(stdout).toContain("2 events: 2 delivered");
      expect(stderr).toBe(`feedctl: ${said}\n`);
    }
  },
);

test("a quote that is not closed before any row is all that is told", async () => {
  const { code, stdout, stderr } = await run(
    ["preview", "-", "--rows", "visits", "--format", "csv", ...SETTINGS],
    'customer_id,event_name\n"c-1,Visit\n',
  );

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toBe("feedctl: a quote that is not closed as CSV does begins after line 1: mend it\n");
});

test("a row that no message can hold is left out", async () => {
  const csv = file("visits.csv", `customer_id,event_name\nc-1,${"x".repeat(1_000_001)}\nc-2,Visit\n`);

  const { stdout, stderr } = await run(["preview", csv, "--rows", "visits", "--json", ...SETTINGS]);

  expect(JSON.parse(stdout).events).toHaveLength(1);
  expect(stderr).toBe("Line 2 is larger than a queue message: it is left out.\n");
});

test.each([
  [["--format", "csv"], "{}\n", "--format is for rows"],
  [["--null", "NULL"], "{}\n", "--null is for rows"],
  [["--rows", "visits"], "", "the file's name does not tell its format"],
  [["--rows", "visits", "--format", "csv"], "customer_id\n", "there is no row in it"],
] as const)("%j of %j is wrong usage", async (args, input, said) => {
  const { code, stderr } = await run(["preview", "-", ...args], input);

  expect(stderr).toContain(said);
  expect(code).toBe(2);
  expect(api.calls).toEqual([]);
});
