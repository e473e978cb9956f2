import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseCliOptions } from "../../../local/stand-in/cli-options.ts";
import { parseFaults } from "../../../local/stand-in/faults.ts";
import { basic, batch, CUSTOM, CUSTOM_LIVE, standIn } from "./support.ts";

const MAIN = fileURLToPath(new URL("../../../local/stand-in/main.ts", import.meta.url));

function run(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, exit: once(child, "exit").then(([code]) => code as number | null) };
}

describe("the command line", () => {
  test("names feeds, port, limit, faults and what becomes of bad batches", () => {
    const options = parseCliOptions([
      ...["--feed", "k1:s1", "--feed", "k2:s2:custom", "--feed", "k3:s3:partner:Acme_Id"],
      ...["--port", "0", "--limit", "12.5", "--faults", "503:0.1", "--bad-batch", "400"],
    ]);

    expect(options).toEqual({
      port: 0,
      feeds: [
        { apiKey: "k1", apiSecret: "s1", kind: "partner" },
        { apiKey: "k2", apiSecret: "s2", kind: "custom" },
        { apiKey: "k3", apiSecret: "s3", kind: "partner", partnerIdentity: "Acme_Id" },
      ],
      batchesPerSecond: 12.5,
      faults: parseFaults("503:0.1"),
      badBatch: "400",
    });
  });

  test("asks for help before anything else", () => {
    expect(parseCliOptions(["--help"])).toBe("help");
  });

  test.each([
    [[], "--feed"],
    [["--feed", "hidden"], "--feed"],
    [["--feed", ":hidden"], "--feed"],
    [["--feed", "k:hidden:other"], "--feed"],
    [["--feed", "k:hidden:partner:A_b:c"], "--feed"],
    [["--feed", "k:s", "--port", "http"], "--port"],
    [["--feed", "k:s", "--port", "65536"], "--port"],
    [["--feed", "k:s", "--limit", "0"], "--limit"],
    [["--feed", "k:s", "--limit", "many"], "--limit"],
    [["--feed", "k:s", "--faults", "503"], '"503"'],
    [["--feed", "k:s", "--bad-batch", "keep"], "--bad-batch"],
    [["--feed", "k:s", "--unknown"], "--unknown"],
    [["--feed", "--port"], "--feed"],
    [["k:hidden"], "without its option"],
  ])("%j is refused in a line with %s and without a secret", (args, name) => {
    const parse = () => parseCliOptions(args);

    expect(parse).toThrow(name);
    expect(parse).not.toThrow(/hidden|\n/);
  });
});

describe("the process", () => {
  test("prints its address, serves, and ends with the counts as JSON when interrupted", async () => {
    const { child, exit } = run("--port", "0", "--feed", `${CUSTOM.apiKey}:${CUSTOM.apiSecret}:custom`);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const url = /http:\/\/127\.0\.0\.1:\d+$/.exec((await lines.next()).value ?? "")?.[0];

    const answer = await fetch(`${url}${CUSTOM_LIVE}`, {
      method: "POST",
      headers: { Authorization: basic(CUSTOM) },
      body: JSON.stringify([batch(), batch()]),
    });
    child.kill("SIGINT");

    expect(answer.status).toBe(202);
    expect(JSON.parse((await lines.next()).value ?? "")).toMatchObject({
      requests: { total: 1 },
      total: { batchesTaken: 2 },
      feeds: { [CUSTOM.apiKey]: { eventIds: 2 } },
    });
    expect(await exit).toBe(0);
  });

  test("that finds its port taken ends with one line and exit code 2", async () => {
    const { port } = await standIn();

    const { child, exit } = run("--port", `${port}`, "--feed", "k:s");

    expect(await text(child.stderr)).toBe(`Port ${port} is taken.\n`);
    expect(await exit).toBe(2);
  });

  test("that is given a bad option ends with one line and exit code 2", async () => {
    const { child, exit } = run("--feed", "k:s", "--faults", "reset:2");

    expect(await text(child.stderr)).toMatch(/^Fault "reset:2"[^\n]*\n$/);
    expect(await exit).toBe(2);
  });
});
