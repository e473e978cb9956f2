import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { createWatchedFetch } from "../../../local/feedctl/api/watched-fetch.ts";
import { run } from "../../../local/feedctl/run.ts";
import type { Ended, FeedctlOptions } from "./feedctl-process.ts";

export interface FakeTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** All that came on the screen. */
  screen(): string;
  /** Waits until the screen shows a text. */
  shows(text: string): Promise<void>;
  /** Waits until the screen shows a question, then types. */
  answer(question: string, typed: string): Promise<void>;
}

/** A terminal without a person: what is typed is typed by the test. */
export function fakeTerminal({ columns = 100 }: { readonly columns?: number } = {}): FakeTerminal {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), {
    isTTY: true,
    columns,
    // As process.stdout has it: NO_COLOR and the like are looked up in the environment.
    getColorDepth: () => 1,
    hasColors: () => false,
  });
  let screen = "";
  output.on("data", (chunk) => {
    screen += chunk;
  });
  const shows = async (text: string) => {
    while (!screen.includes(text)) await new Promise((resolve) => output.once("data", resolve));
  };
  return {
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    screen: () => screen,
    shows,
    async answer(question, typed) {
      await shows(question);
      input.write(typed);
    },
  };
}

/** Runs feedctl in this process, at a terminal. */
export function feedctlAt(
  terminal: FakeTerminal,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  interrupted: AbortSignal = new AbortController().signal,
): Promise<number> {
  return run(args, {
    stdin: terminal.input,
    stdout: terminal.output,
    stderr: terminal.output,
    env,
    interrupted,
    watched: createWatchedFetch(interrupted),
    nowMs: () => Date.parse("2026-11-24T12:00:00Z"),
  });
}

/** Runs feedctl in this process, without a terminal: what a process of its own does, in a tenth of the time. */
export async function feedctlHere(
  args: readonly string[],
  { env = {}, input = "", interrupted }: FeedctlOptions & { readonly interrupted?: AbortSignal } = {},
): Promise<Ended> {
  const stdin = new PassThrough();
  if (!interrupted) stdin.end(input);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const signal = interrupted ?? new AbortController().signal;
  const code = await run(args, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    env,
    interrupted: signal,
    watched: createWatchedFetch(signal),
    nowMs: Date.now,
  });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { code, stdout: out, stderr: err };
}
