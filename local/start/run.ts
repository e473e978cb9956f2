import type { Log } from "../../shared/ports.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { formatRequestLine } from "../stand-in/request-line.ts";
import { summariseLedger } from "./ledger.ts";
import { type LineFile, openLines } from "./line-file.ts";
import { trialLink } from "./onboard.ts";
import type { StartOptions } from "./options.ts";
import { publishInput } from "./publish-input.ts";
import { readMessages } from "./read-input.ts";
import { readTenants } from "./read-tenants.ts";
import { startStack, TRIAL_KEYS } from "./stack.ts";
import { type Summary, summarise } from "./summary.ts";
import { Tally } from "./tally.ts";

export interface RunOutput {
  /** A line for people about what is going on. */
  say(line: string): void;
  /** Replaces the line that says how far the run is. */
  progress(line: string): void;
}

/**
 * One local run: stores tenants, sends messages, and waits until every event has an ending, or when watching until it
 * is told to stop.
 *
 * @throws {UsageError} before anything runs.
 */
export async function run(options: StartOptions, stopped: AbortSignal, output: RunOutput): Promise<Summary> {
  const tenants = readTenants(options);
  const messages: string[] = [];
  for await (const { text } of readMessages(options)) messages.push(text);
  const dump = openLines("--dump", options.dump);
  const log = openLines("--log", options.log);
  const connectorLog = lineLog(log);

  const startedAt = performance.now();
  const startedAtMs = systemClock.nowMs();
  const tally = new Tally();
  let sent = 0;
  let done = () => {};
  const say = () =>
    output.progress(
      `${sent} events sent, ${tally.settled} settled, ${tally.sum(({ requests }) => requests)} requests`,
    );
  const stack = await startStack(options, tenants, {
    onReports(reports) {
      for (const report of reports) connectorLog.info("Records settled", { ...report });
      tally.add(reports);
      say();
      done();
    },
    onRequest(line) {
      dump.write(formatRequestLine(line));
    },
    log: connectorLog,
    onError: (error) =>
      output.say(`The poller met an error: ${error instanceof Error ? error.message : String(error)}`),
  });
  try {
    output.say(
      `Queue URL ${stack.queueUrl} (AWS_ENDPOINT_URL=${stack.endpoint}); mParticle stand-in ${stack.standIn.url}`,
    );
    if (options.watch) {
      const { url, token } = stack.onboarding;
      const keys = TRIAL_KEYS.map(({ apiKey, apiSecret, kind }) => `${apiKey} / ${apiSecret} (${kind})`);
      output.say(
        `Onboarding API ${url}/v1 (Authorization: Bearer ${token}); keys to try it with: ${keys.join(", ")}`,
      );
      output.say(`Connect page, for one use: ${await trialLink(stack.onboarding)}`);
    }
    const published = await publishInput(messages, stack, (events) => {
      sent = events;
      say();
    });
    for (const event of published.refused) tally.addRefused(event);
    const received = published.events + published.refused.length;

    const { promise, resolve } = Promise.withResolvers<void>();
    done = () => {
      if (!options.watch && tally.settled >= received) resolve();
    };
    stopped.addEventListener("abort", () => resolve());
    if (stopped.aborted) resolve();
    if (options.watch) output.say("Watching; end with Ctrl-C.");
    done();
    await promise;
    const seconds = (performance.now() - startedAt) / 1000;
    const ledger = await summariseLedger(stack.ledger, {
      fromMs: startedAtMs,
      toMs: systemClock.nowMs(),
      mayBeInProgress: options.watch || stopped.aborted,
    });
    const counts = { tally, standIn: stack.standIn.counts(), ledger };
    return summarise(counts, seconds, options.watch ? undefined : received);
  } finally {
    await stack.close();
    dump.close();
    log.close();
  }
}

function lineLog(file: LineFile): Log {
  const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    file.write(JSON.stringify({ level, message, ...fields }));
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
