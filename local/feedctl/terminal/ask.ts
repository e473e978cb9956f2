import { createInterface } from "node:readline";
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
    const answer = await withLines(person, person.output, (nextLine, prompt) => {
      prompt(`${question} [y/N] `);
      return nextLine();
    });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    // Nobody pressed Enter.
    person.output.write("\n");
    throw error;
  }
}

/**
 * Asks for secrets, one after the other: nothing of what is typed is shown. Those that are pasted as lines at once answer the questions in
 * their order.
 */
export async function askHidden(questions: readonly string[], person: Person): Promise<string[]> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return withLines(person, nowhere, async (nextLine) => {
    const answers: string[] = [];
    for (const question of questions) {
      person.output.write(question);
      try {
        answers.push(await nextLine());
      } finally {
        person.output.write("\n");
      }
    }
    return answers;
  });
}

/**
 * Reads lines as they are entered, also those that come before they are asked for.
 *
 * @throws {InterruptedError} for Ctrl-C, Ctrl-D, and a signal that asks to end.
 */
async function withLines<Answer>(
  { input, interrupted }: Person,
  output: Writable,
  use: (nextLine: () => Promise<string>, prompt: (text: string) => void) => Promise<Answer>,
): Promise<Answer> {
  const reader = createInterface({ input, output, terminal: true, historySize: 0, signal: interrupted });
  const lines = reader[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { done, value } = await lines.next();
    if (done) throw new InterruptedError({ wasSent: false });
    return value;
  };
  const prompt = (text: string) => {
    reader.setPrompt(text);
    reader.prompt();
  };
  try {
    return await use(nextLine, prompt);
  } finally {
    reader.close();
  }
}
