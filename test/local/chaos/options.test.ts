import { describe, expect, it } from "vitest";
import { parseOptions } from "../../../local/chaos/options.ts";
import { SCENARIOS } from "../../../local/chaos/scenarios.ts";
import { UsageError } from "../../../local/start/usage-error.ts";

describe("options of the chaos rig", () => {
  it("run everything by default, from any seed", () => {
    expect(parseOptions([])).toEqual({
      scenarios: SCENARIOS,
      seed: expect.any(Number),
      json: false,
      log: undefined,
      isCompared: true,
      withheld: 0,
    });
  });

  it("are read from the command line", () => {
    const args = ["--scenario", "calm,steady-429", "--seed", "7", "--json", "--log", "l", "--no-comparison"];

    const options = parseOptions([...args, "--withhold", "2"]);

    expect(options).toMatchObject({ seed: 7, json: true, log: "l", isCompared: false, withheld: 2 });
    expect(Object(options).scenarios.map(({ name }: { name: string }) => name)).toEqual([
      "calm",
      "steady-429",
    ]);
  });

  it.each([
    { args: ["--nope"], names: "--nope" },
    { args: ["--seed", "x"], names: "--seed" },
    { args: ["--seed", "4294967296"], names: "--seed" },
    { args: ["--scenario", "calm,unheard-of"], names: "unheard-of" },
    { args: ["--withhold", "-1"], names: "--withhold" },
  ])("refuse $args in one line that names the option", ({ args, names }) => {
    const refuse = () => parseOptions(args);

    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(names);
  });

  it("have a name of its own for every scenario", () => {
    const names = SCENARIOS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
