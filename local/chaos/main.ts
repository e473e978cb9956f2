import { openLines } from "../start/line-file.ts";
import { UsageError } from "../start/usage-error.ts";
import { toJson } from "./json.ts";
import { type ChaosOptions, HELP, parseOptions } from "./options.ts";
import { runAll } from "./run-all.ts";
import { SCENARIOS } from "./scenarios.ts";
import { formatTable } from "./table.ts";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(HELP);
  else if (options === "list") process.stdout.write(list());
  else process.exitCode = await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`chaos: ${error.message}\n`);
  process.exitCode = 2;
}

async function run(options: ChaosOptions): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  const log = openLines("--log", options.log);
  const onLog = options.log === undefined ? undefined : (line: string) => log.write(line);
  // Standard output is for the results alone.
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(`Seed ${options.seed}`);
  const results = await runAll(
    options,
    { onLog, stopped: stop.signal },
    {
      started: ({ name, about }, { done, all }) => say(`${done + 1}/${all} ${name}: ${about}`),
      ended({ problems }) {
        for (const problem of problems) say(`  FAILED: ${problem}`);
      },
    },
  );
  log.close();
  process.stdout.write(
    options.json ? `${JSON.stringify(toJson(options.seed, results))}\n` : `\n${formatTable(results)}`,
  );
  if (stop.signal.aborted) return 130;
  return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

function list(): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  return SCENARIOS.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join("");
}
