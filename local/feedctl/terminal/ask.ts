import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { InterruptedError } from "../api/errors.ts";

/** Where a person is asked: questions go to standard error, so that standard output holds the answer alone. */
export interface Person {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly interrupted: AbortSignal;
}

export function isPresent({ input, output }: Person): boolean {
  return input.isTTY && output.isTTY;
}

/** @returns whether the answer was yes. */
export async function confirm(question: string, person: Person): Promise<boolean> {
  try {
    const answer = await ask(`${question} [y/N] `, person, person.output);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    // Nobody pressed Enter.
    person.output.write("\n");
    throw error;
  }
}

/** Asks for a secret: nothing of what is typed is shown. */
export async function askHidden(question: string, person: Person): Promise<string> {
  person.output.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await ask("", person, nowhere);
  } finally {
    person.output.write("\n");
  }
}

/** @throws {InterruptedError} for Ctrl-C and Ctrl-D. */
async function ask(question: string, { input, interrupted }: Person, output: Writable): Promise<string> {
  const reader = createInterface({ input, output, terminal: true, historySize: 0 });
  // Without this, Ctrl-D leaves the question open for ever.
  const left = new Promise<never>((_, reject) => {
    for (const event of ["close", "SIGINT"] as const)
      reader.once(event, () => reject(new InterruptedError({ wasSent: false })));
  });
  left.catch(() => {});
  try {
    return await Promise.race([reader.question(question, { signal: interrupted }), left]);
  } finally {
    reader.close();
  }
}
