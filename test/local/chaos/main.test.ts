import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { HELP } from "../../../local/chaos/options.ts";
import { SCENARIOS } from "../../../local/chaos/scenarios.ts";

const MAIN = fileURLToPath(new URL("../../../local/chaos/main.ts", import.meta.url));

/** Runs the command as a user does. */
function chaos(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

/** Processes that a process has started and that still run. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the chaos command", () => {
  it("prints its help", async () => {
    expect(await chaos("--help")).toEqual({ code: 0, stdout: HELP, stderr: "" });
  });

  it("names the scenarios", async () => {
    const { stdout } = await chaos("--list");

    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(SCENARIOS.map(({ name }) => name));
  });

  it("ends with exit code 2 and one line for a bad option", async () => {
    const { code, stdout, stderr } = await chaos("--scenario", "unheard-of");

    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^chaos: [^\n]+\n$/);
  });

  it("prints one JSON document, and exit code 1 when an event is lost", async () => {
    const { code, stdout, stderr } = await chaos(
      "--scenario",
      "calm",
      "--seed",
      "3",
      "--json",
      "--withhold",
      "1",
    );

    expect(code).toBe(1);
    expect(stderr).toContain("Seed 3");
    const { seed, scenarios } = JSON.parse(stdout);
    expect(seed).toBe(3);
    expect(scenarios).toMatchObject([{ name: "calm", ok: false, lost: 1, doubled: 0, held: 0 }]);
    const [{ sent, delivered, filtered, rejected }] = scenarios;
    expect(delivered + filtered + rejected + 1).toBe(sent);
  });

  it("leaves no process behind when it is interrupted", async () => {
    const child = spawn(process.execPath, [MAIN, "--scenario", "calm"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const { pid = 0 } = child;
    while (childrenOf(pid).length < 2) await sleep(20);
    const workers = childrenOf(pid);

    child.kill("SIGINT");
    const [code] = await once(child, "exit");

    expect(code).toBe(130);
    expect(workers.filter(isRunning)).toEqual([]);
  });
});
