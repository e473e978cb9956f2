import { deepStrictEqual } from "node:assert";

/** Counts what held and what did not, one line each. */
export class Checks {
  passed = 0;
  failed = 0;
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** @param title - A fact that holds when `actual` is deeply equal to `expected`. */
  equal(title: string, actual: unknown, expected: unknown): void {
    try {
      deepStrictEqual(actual, expected);
    } catch (error) {
      this.fail(title, error);
      return;
    }
    this.passed++;
    this.#print(`  ok    ${title}`);
  }

  fail(title: string, error: unknown): void {
    this.failed++;
    const detail = error instanceof Error ? error.message : String(error);
    this.#print(`  FAIL  ${title}\n${detail.replace(/^/gm, "          ")}`);
  }
}
