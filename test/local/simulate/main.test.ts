import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { HELP } from "../../../local/simulate/options.ts";

const MAIN = fileURLToPath(new URL("../../../local/simulate/main.ts", import.meta.url));

/** Runs the command as a user does. */
function simulate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

const SMALL = ["--quick", "--tenants", "20", "--events-per-minute", "2000", "--backlog", "20000"];

describe("the simulate command", () => {
  it("prints its help", async () => {
    expect(await simulate("--help")).toEqual({ code: 0, stdout: HELP, stderr: "" });
  });

  it.each([
    { args: ["--tenants", "none"], says: "--tenants must be a whole number from 1" },
    { args: ["--minutes", "1"], says: "--minutes must be a whole number from 2" },
    { args: ["--scenario", "calm"], says: '--scenario: there is no "calm"; see --list' },
    { args: ["--fast"], says: "Unknown option '--fast'; see --help" },
  ])("refuses $args", async ({ args, says }) => {
    expect(await simulate(...args)).toEqual({ code: 2, stdout: "", stderr: `simulate: ${says}\n` });
  });

  it("names the scenarios", async () => {
    const { code, stdout } = await simulate("--list", "--quick");

    expect(code).toBe(0);
    expect(stdout).toContain("overload-270: a feed is sent 10 times its limit of 270 batches a second\n");
  });

  it("ends with one JSON object that holds the figures of the targets", async () => {
    const { code, stdout } = await simulate(
      ...SMALL,
      "--scenario",
      "noisy,overload-50",
      "--seed",
      "3",
      "--json",
    );

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 3,
      goodput: expect.any(Number),
      throttledShare: expect.any(Number),
      receivesPerMessage: expect.any(Number),
      mostInFlight: expect.any(Number),
      quietP99Ratio: expect.any(Number),
      costPerMillionEvents: expect.any(Number),
      lost: 0,
      doubled: 0,
      scenarios: [{ name: "noisy" }, { name: "overload-50" }],
    });
  });

  it("fails when an event is lost, and says how many are", async () => {
    const { code, stdout } = await simulate(...SMALL, "--scenario", "noisy", "--withhold", "5", "--json");

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ lost: 5 });
  });

  it("prints a table for people", async () => {
    const { code, stdout } = await simulate(...SMALL, "--scenario", "noisy");

    expect(code).toBe(0);
    expect(stdout).toMatch(/^scenario +goodput/m);
    expect(stdout).toMatch(/^noisy \* +\d/m);
    expect(stdout).toContain("AWS, US dollars for a million events");
  });
});
