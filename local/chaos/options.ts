import { parseArgs } from "node:util";
import { UsageError } from "../start/usage-error.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

export const HELP = `Usage: npm run chaos -- [options]

Lets things go wrong around the real handler: each scenario runs the connector in processes of its own against an embedded AWS
and a stand-in for mParticle, then looks where every event is. Without options: all scenarios, seven to nine minutes.

  --list               name the scenarios, and end
  --scenario NAMES     only these, joined by commas
  --seed N             the traffic and the draws of faults of another run (default: any); what meets when is never the same
  --json               print one JSON document and nothing else (with npm: npm run --silent chaos -- --json)
  --log FILE           write the connector's log of all scenarios, one JSON document a line
  --no-comparison      leave out the run without a fault that quiet tenants' latency is compared with
  --withhold N         claim N events as sent that never were: every scenario has to fail then
  --help               this text

Exit codes: 0 nothing was lost and every promise kept, 1 not so, 2 a wrong option, 130 interrupted.
`;

export interface ChaosOptions {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly json: boolean;
  readonly log: string | undefined;
  readonly isCompared: boolean;
  readonly withheld: number;
}

/** @throws {UsageError} */
export function parseOptions(args: readonly string[]): ChaosOptions | "help" | "list" {
  const values = readArgs(args);
  if (values.help) return "help";
  if (values.list) return "list";
  return {
    scenarios: values.scenario === undefined ? SCENARIOS : scenariosNamed(values.scenario),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole("--seed", values.seed),
    json: values.json ?? false,
    log: values.log,
    isCompared: !values["no-comparison"],
    withheld: values.withhold === undefined ? 0 : whole("--withhold", values.withhold),
  };
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        list: { type: "boolean" },
        scenario: { type: "string" },
        seed: { type: "string" },
        json: { type: "boolean" },
        log: { type: "string" },
        "no-comparison": { type: "boolean" },
        withhold: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    // Node's message goes on for lines about how to pass what looks like an option.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence?.split("\n")[0]}; see --help`);
  }
}

function scenariosNamed(names: string): Scenario[] {
  return names.split(",").map((name) => {
    const scenario = SCENARIOS.find((candidate) => candidate.name === name.trim());
    if (!scenario) throw new UsageError(`--scenario: there is no "${name.trim()}"; see --list`);
    return scenario;
  });
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value >= 2 ** 31)
    throw new UsageError(`${name} must be a whole number from 0, below 2147483648`);
  return value;
}
