import { describe, expect, it } from "vitest";
import { NO_FAULTS } from "../../../local/stand-in/faults.ts";
import { parseOptions } from "../../../local/start/options.ts";
import { UsageError } from "../../../local/start/usage-error.ts";

describe("options of the local run", () => {
  it("have defaults that need nothing", () => {
    expect(parseOptions([])).toEqual({
      apiPort: 0,
      apiToken: undefined,
      input: undefined,
      tenants: undefined,
      partnerIdentity: undefined,
      batchesPerSecond: undefined,
      faults: NO_FAULTS,
      nowMs: undefined,
      holdAfterReceives: 300,
      dump: undefined,
      log: undefined,
      json: false,
      dryRun: false,
      rows: undefined,
      summary: false,
      watch: false,
      port: 0,
      standInPort: 0,
    });
  });

  it("are read from the command line", () => {
    const args = [
      ...["--input", "in.ndjson", "--tenants", "tenants.json", "--partner-identity", "Acme_Member"],
      ...["--limit", "2.5", "--faults", "429:0.1", "--now", "2026-03-01T12:00:00Z", "--hold-after", "3"],
      ...["--dump", "dump.ndjson", "--log", "log.ndjson", "--json", "--watch", "--port", "4567"],
      ...["--stand-in-port", "4568"],
    ];

    expect(parseOptions(args)).toMatchObject({
      input: "in.ndjson",
      tenants: "tenants.json",
      partnerIdentity: "Acme_Member",
      batchesPerSecond: 2.5,
      faults: { shares: [{ share: 0.1 }] },
      nowMs: Date.parse("2026-03-01T12:00:00Z"),
      holdAfterReceives: 3,
      dump: "dump.ndjson",
      log: "log.ndjson",
      json: true,
      watch: true,
      port: 4567,
      standInPort: 4568,
    });
  });

  it.each([["--help"], ["-h"]])("show the help for %s", (option) => {
    expect(parseOptions([option])).toBe("help");
  });

  it.each([
    { args: ["--nope"], names: "--nope" },
    { args: ["stray"], names: "stray" },
    { args: ["--input"], names: "--input" },
    { args: ["--json=yes"], names: "--json" },
    { args: ["--limit", "0"], names: "--limit" },
    { args: ["--limit", "fast"], names: "--limit" },
    { args: ["--limit=-1"], names: "--limit" },
    { args: ["--limit", "Infinity"], names: "--limit" },
    { args: ["--hold-after", "1.5"], names: "--hold-after" },
    { args: ["--faults", "boom:1"], names: "--faults" },
    { args: ["--faults", "429:2"], names: "--faults" },
    { args: ["--now", "yesterday"], names: "--now" },
    { args: ["--now", "1767225600000"], names: "--now" },
    { args: ["--port", "0"], names: "--port" },
    { args: ["--port", "65536"], names: "--port" },
    { args: ["--stand-in-port", "80a"], names: "--stand-in-port" },
    { args: ["--partner-identity", "NoUnderscore"], names: "--partner-identity" },
    { args: ["--summary"], names: "--summary" },
    { args: ["--rows", "visits"], names: "--rows" },
    { args: ["--null", "NULL"], names: "--null" },
  ])("refuse $args in one line that names the option", ({ args, names }) => {
    const refusal = (() => {
      try {
        return parseOptions(args);
      } catch (error) {
        return error;
      }
    })();

    expect(refusal).toBeInstanceOf(UsageError);
    const { message } = refusal as UsageError;
    expect(message).toContain(names);
    expect(message).not.toContain("\n");
  });
});
