import { watchLostOutput } from "../feedctl/terminal/lost-output.ts";
import { paperOf } from "../feedctl/terminal/paper.ts";
import { dryRun } from "./dry-run.ts";
import { HELP, parseOptions, type StartOptions } from "./options.ts";
import { run } from "./run.ts";
import { dryRunDocument, formatDryRun } from "./show-dry-run.ts";
import { formatSummary } from "./summary.ts";
import { UsageError } from "./usage-error.ts";

/** Milliseconds between progress lines where they cannot replace each other. */
const PROGRESS_EVERY_MS = 5_000;

watchLostOutput(process, (sentence) => {
  process.stderr.write(`start: ${sentence}\n`);
  process.exitCode = 1;
});

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(HELP);
  else {
    const code = await start(options);
    process.exitCode ??= code;
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`start: ${error.message}\n`);
  process.exitCode = 2;
}

async function start(options: StartOptions): Promise<number> {
  if (options.dryRun) {
    const result = await dryRun(options);
    process.stdout.write(
      options.json
        ? `${JSON.stringify(dryRunDocument(result))}\n`
        : formatDryRun(result, paperOf(process.stdout)),
    );
    if (result.trouble !== undefined) throw new UsageError(result.trouble);
    return 0;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  const output = stderrOutput();
  const summary = await run(options, stop.signal, output);
  output.clear();
  process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : `\n${formatSummary(summary)}`);
  const { received, delivered, filtered, rejected, held } = summary.events;
  const unsettled = received - (delivered + filtered + rejected + held);
  if (unsettled > 0 && !options.watch) output.say(`Interrupted: ${unsettled} events have no ending yet.`);
  if (!summary.ledger.addsUp) output.say("The ledger does not add up.");
  return summary.ledger.addsUp && (unsettled === 0 || options.watch) ? 0 : 1;
}

/** Progress goes to standard error, so that standard output holds the summary alone. */
function stderrOutput() {
  const { stderr } = process;
  let nextAt = 0;
  let pending = "";
  const clear = () => {
    if (stderr.isTTY) stderr.write("\r\x1b[K");
    else if (pending !== "") stderr.write(`${pending}\n`);
    pending = "";
  };
  return {
    clear,
    say(line: string) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line: string) {
      if (stderr.isTTY) {
        clear();
        stderr.write(line);
        return;
      }
      pending = line;
      if (performance.now() < nextAt) return;
      nextAt = performance.now() + PROGRESS_EVERY_MS;
      clear();
    },
  };
}
