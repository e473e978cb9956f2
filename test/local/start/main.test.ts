import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { HELP } from "../../../local/start/options.ts";
import { message, track } from "../../support/builders.ts";
import { file } from "./support.ts";

const MAIN = fileURLToPath(new URL("../../../local/start/main.ts", import.meta.url));

/** Runs the command as a user does. */
function start(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

const TENANTS = JSON.stringify([
  { tenantId: "acme", feeds: [{ feedId: "default", apiKey: "acme-key", apiSecret: "acme-secret" }] },
]);

describe("the start command", () => {
  it("prints its help", async () => {
    expect(await start("--help")).toEqual({ code: 0, stdout: HELP, stderr: "" });
  });

  it.each([
    { what: "a bad option", args: () => ["--nope"] },
    { what: "a bad file", args: () => ["--input", "/no/such/file"] },
  ])("ends with exit code 2 and one line for $what", async ({ args }) => {
    const { code, stdout, stderr } = await start(...args());

    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^start: [^\n]+\n$/);
  });

  it.each([
    { content: "", said: "there is no row in the input", shows: /^$/ },
    {
      content: 'customer_id\nc-1\nc-2,"',
      said: "a quote that is not closed as CSV does begins after line 2: mend it",
      shows: /\n {3}2 {2}/,
    },
  ])(
    "shows what a dry run made of a file, then why that is not all: $said",
    async ({ content, said, shows }) => {
      const tenants = JSON.parse(TENANTS);
      tenants[0].feeds[0].rows = { users: { eventType: "user_attributes" } };
      const args = ["--dry-run", "--rows", "users", "--tenants", file(JSON.stringify(tenants))];

      const { code, stdout, stderr } = await start(...args, "--input", file(content, "users.csv"));

      expect({ code, stderr }).toEqual({ code: 2, stderr: `start: ${said}\n` });
      expect(stdout).toMatch(shows);
    },
  );

  it.each(["--port", "--stand-in-port"])(
    "ends with exit code 2 and one line when %s is taken",
    async (option) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
      const { port } = server.address() as AddressInfo;

      const { code, stdout, stderr } = await start(option, String(port));

      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^start: [^\n]*taken[^\n]*\n$/);
      expect(stderr).toContain(`${option} ${port}`);
    },
  );

  it("prints the summary as one JSON document and nothing else with --json", async () => {
    const input = file(message([track(), { type: "row" }]));

    const { code, stdout } = await start("--json", "--input", input, "--tenants", file(TENANTS));

    expect(code).toBe(0);
    expect(stdout.endsWith("}\n")).toBe(true);
    const { events, byTenant, ledger, ...rest } = JSON.parse(stdout);
    expect(events).toEqual({ received: 2, delivered: 1, filtered: 0, rejected: 1, held: 0 });
    expect(Object.keys(byTenant)).toEqual(["acme"]);
    expect(rest).toMatchObject({ requests: 1, batches: 1, duplicates: 0, throttled: 0, retried: 0 });
    expect(rest.seconds).toEqual(expect.any(Number));
    expect(ledger).toEqual({
      addsUp: true,
      byTenant: {
        acme: { received: 2, delivered: 1, filtered: 0, rejected: 1, held: 0, inProgress: 0, addsUp: true },
      },
    });
  });
});
