import { UsageError } from "../start/usage-error.ts";
import { HELP, parseOptions, type SimulateOptions } from "./options.ts";
import { formatReport } from "./report.ts";
import { type Result, runScenario } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { scenariosOf } from "./scenarios.ts";
import { summaryOf, toJson } from "./summary.ts";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(HELP);
  else process.exitCode = await simulate(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`simulate: ${error.message}\n`);
  process.exitCode = 2;
}

async function simulate(options: SimulateOptions): Promise<number> {
  const scenarios = chosen(scenariosOf(options), options.scenarios);
  if (options.list) {
    process.stdout.write(scenarios.map(({ name, about }) => `${name}: ${about}\n`).join(""));
    return 0;
  }
  // Standard output is for the results alone.
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(`Seed ${options.seed}`);
  const results: Result[] = [];
  for (const scenario of scenarios) {
    say(`${results.length + 1}/${scenarios.length} ${scenario.name}: ${scenario.about}`);
    results.push(await runScenario(scenario));
  }
  const summary = summaryOf(options.seed, results);
  process.stdout.write(options.json ? `${toJson(summary)}\n` : `\n${formatReport(summary)}`);
  return summary.lost + summary.doubled === 0 ? 0 : 1;
}

function chosen(scenarios: readonly Scenario[], names: readonly string[]): readonly Scenario[] {
  const unknown = names.find((name) => scenarios.every((scenario) => scenario.name !== name));
  if (unknown !== undefined) throw new UsageError(`--scenario: there is no "${unknown}"; see --list`);
  return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name));
}
