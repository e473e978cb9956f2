import { parseArgs } from "node:util";
import { UsageError } from "../start/usage-error.ts";
import type { Sizes } from "./scenario.ts";

export const HELP = `Usage: npm run simulate -- [options]

Drives the connector's own admission, sending and settling in virtual time, with SQS, Lambda, DynamoDB, S3 and mParticle's limits as models,
at sizes that no test machine holds. Prints goodput, 429s, receives, latency, cost, and where every event is in the end.

  --seed N               of everything that happens by chance (default: 1)
  --tenants N            quiet tenants of the scenario "noisy" (default 10000)
  --events-per-minute N  of all of them (default 1000000)
  --minutes N            virtual minutes of it (default 3)
  --backlog N            events that the noisy tenant has on the queue (default 50000000)
  --quick                200 tenants, 20000 events a minute, a backlog of 400000, 2 minutes of everything
  --scenario NAMES       only these, joined by commas
  --withhold N           claim to send N events that are not: the run has to find them lost
  --list                 what scenarios there are
  --json                 print one JSON document and nothing else (with npm: npm run --silent simulate -- --json)
  --help                 this text

Exit codes: 0 nothing was lost or doubled, 1 something was, 2 a wrong option.
`;

export interface SimulateOptions extends Sizes {
  /** Names of scenarios; empty: all. */
  readonly scenarios: readonly string[];
  readonly list: boolean;
  readonly json: boolean;
}

const USUAL = {
  tenants: 10_000,
  eventsPerMinute: 1_000_000,
  minutes: 3,
  backlog: 50_000_000,
  overloadMinutes: 6,
};

const QUICK: typeof USUAL = {
  tenants: 200,
  eventsPerMinute: 20_000,
  minutes: 2,
  backlog: 400_000,
  overloadMinutes: 2,
};

/** @throws {UsageError} */
export function parseOptions(args: readonly string[]): SimulateOptions | "help" {
  const values = readArgs(args);
  if (values.help) return "help";
  const usual = values.quick ? QUICK : USUAL;
  return {
    seed: whole("--seed", values.seed, 1),
    tenants: whole("--tenants", values.tenants, usual.tenants, 1),
    eventsPerMinute: whole("--events-per-minute", values["events-per-minute"], usual.eventsPerMinute, 1),
    minutes: whole("--minutes", values.minutes, usual.minutes, 2),
    backlog: whole("--backlog", values.backlog, usual.backlog),
    overloadMinutes: usual.overloadMinutes,
    withheld: whole("--withhold", values.withhold, 0),
    scenarios: values.scenario?.split(",").map((name) => name.trim()) ?? [],
    list: values.list ?? false,
    json: values.json ?? false,
  };
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        seed: { type: "string" },
        tenants: { type: "string" },
        "events-per-minute": { type: "string" },
        minutes: { type: "string" },
        backlog: { type: "string" },
        quick: { type: "boolean" },
        scenario: { type: "string" },
        withhold: { type: "string" },
        list: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    // Node's message goes on for lines about how to pass what looks like an option.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence?.split("\n")[0]}; see --help`);
  }
}

function whole(name: string, text: string | undefined, usual: number, least = 0): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least)
    throw new UsageError(`${name} must be a whole number from ${least}`);
  return value;
}
