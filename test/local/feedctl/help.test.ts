import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createWatchedFetch } from "../../../local/feedctl/api/watched-fetch.ts";
import { EXIT } from "../../../local/feedctl/exit-codes.ts";
import manifest from "../../../local/feedctl/package.json" with { type: "json" };
import { createProgram } from "../../../local/feedctl/program.ts";
import { feedctl } from "./feedctl-process.ts";

const { program } = createProgram({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: {},
  interrupted: AbortSignal.abort(),
  watched: createWatchedFetch(AbortSignal.abort()),
  nowMs: Date.now,
});

interface Named {
  readonly path: string;
  readonly command: Command;
}

function namedCommands(command: Command, path: string): Named[] {
  return [
    { path, command },
    ...command.commands.flatMap((child) => namedCommands(child, `${path} ${child.name()}`.trim())),
  ];
}

const all = namedCommands(program, "");

test("has a command for all that the API can do", () => {
  expect(
    all.filter(({ command }) => command.commands.length === 0).map(({ path }) => path),
  ).toMatchInlineSnapshot(`
    [
      "tenants create",
      "tenants list",
      "tenants show",
      "tenants set",
      "tenants pause",
      "tenants resume",
      "tenants delete",
      "tenants restore",
      "feeds create",
      "feeds list",
      "feeds show",
      "feeds set",
      "feeds verify",
      "feeds go-live",
      "feeds pause",
      "feeds resume",
      "feeds delete",
      "feeds event-names",
      "feeds reset-event-names",
      "mappings list",
      "mappings show",
      "mappings restore",
      "credentials put",
      "links create",
      "links list",
      "links revoke",
      "rows send",
      "audiences mirror",
      "preview",
      "ledger",
      "rejected",
      "held",
      "replay",
      "audit",
      "stages set",
      "stages list",
      "stages remove",
    ]
  `);
});

test.each(all)("feedctl $path --help tells what it does and takes", async ({ path, command }) => {
  const { code, stdout, stderr } = await feedctl([...path.split(" ").filter(Boolean), "--help"]);

  expect({ code, stderr }).toEqual({ code: EXIT.done, stderr: "" });
  const [usage, , ...lines] = stdout.split("\n");
  expect(usage).toMatch(`Usage: feedctl ${path}`.trimEnd());
  expect(lines.join(" ").replace(/\s+/g, " ")).toContain(command.description());
  expect(command.description()).toMatch(/^[A-Z].*[.]$/);
  for (const { description } of [...command.options, ...command.registeredArguments])
    expect(description).toMatch(/^\w.+\w\)?$/);
  for (const option of command.options) expect(stdout).toContain(option.flags);
  for (const option of program.options) expect(stdout).toContain(option.flags);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("the help and the README tell every exit code", async () => {
  const { stdout } = await feedctl(["--help"]);
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

  for (const code of Object.values(EXIT)) {
    expect(stdout).toMatch(new RegExp(`^  ${code} +\\w`, "m"));
    expect(readme).toMatch(new RegExp(`^\\| ${code} \\| \\w`, "m"));
  }
});

test("tells its version", async () => {
  expect((await feedctl(["--version"])).stdout).toBe(`${manifest.version}\n`);
});

test.each([[[]], [["tenants"]], [["credentials"]]])(
  "without a command, shows the help and fails: %j",
  async (args) => {
    const { code, stdout, stderr } = await feedctl(args);

    expect(code).toBe(EXIT.usage);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^Usage: feedctl/);
  },
);
