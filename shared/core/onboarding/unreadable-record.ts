/** A stored record that is none: a field of it is wrong, be it written past the API or by another release. */
export class UnreadableRecordError extends Error {
  override readonly name = "UnreadableRecordError";
  /** Names the field and what is expected there, never a value. */
  readonly problem: string;

  /** What whoever runs into it can do. */
  readonly advice: string;

  /** @param what - As a sentence names it: "the feed web". */
  constructor(what: string, problem: string, advice: string) {
    super(`What is stored of ${what} cannot be read: ${problem}`);
    this.problem = problem;
    this.advice = advice;
  }
}
