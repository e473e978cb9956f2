import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ProblemError } from "../../shared/onboarding/problem.ts";
import { type FakeApi, startFakeApi, TOKEN } from "../local/feedctl/fake-api.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const section = readme.split("\n## Onboarding\n")[1]?.split("\n## ")[0] ?? "";
const [, example = ""] = /```ts\n(.*?)```/s.exec(section) ?? [];

let api: FakeApi;
let program: string;
beforeAll(async () => {
  api = await startFakeApi();
  program = mkdtempSync(join(tmpdir(), "program-"));
  // What npm makes of a folder.
  mkdirSync(join(program, "node_modules"));
  symlinkSync(root, join(program, "node_modules", "mparticle-partner-feed-connector"));
  writeFileSync(join(program, "package.json"), '{"type":"module"}');
  writeFileSync(join(program, "onboard.ts"), example);
});
afterAll(async () => {
  rmSync(program, { recursive: true });
  await api.close();
});
beforeEach(() => {
  api.calls.length = 0;
  api.answers = {};
});

/** Runs the README's example as a program of somebody who has installed this one. */
async function runExample() {
  const child = spawn(process.execPath, ["onboard.ts"], {
    cwd: program,
    env: { API_URL: api.url, API_TOKEN: TOKEN },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

test("the README's example onboards a tenant from a program of its own", async () => {
  expect(await runExample()).toEqual({ code: 0, stdout: "accepted text\n", stderr: "" });

  expect(api.calls.map(({ operationId }) => operationId)).toEqual([
    "putTenant",
    "putFeed",
    "putCredentials",
    "getFeed",
    "putFeed",
  ]);
  expect(api.calls.at(-1)?.headers["if-match"]).toBe('"r1"');
});

test("the README's example tells what the API refuses, and when to come again", async () => {
  api.answers.putTenant = () => {
    throw new ProblemError("unavailable", "Not just now.", { headers: { "retry-after": "3" } });
  };

  expect(await runExample()).toEqual({ code: 1, stdout: "", stderr: "503 unavailable Not just now. 3\n" });
});
