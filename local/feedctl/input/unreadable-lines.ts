import { counted } from "../show/counted.ts";

/** Lines that are told; all are counted. */
const MAX_TOLD = 20;

/** Lines of a file that are no rows. */
export class UnreadableLines {
  count = 0;
  readonly #told: string[] = [];

  readonly refuse = (line: number, problem: string): void => {
    if (++this.count <= MAX_TOLD) this.#told.push(`Line ${line} ${problem}: it is left out.`);
  };

  /** In sentences. */
  told(): string[] {
    const more = this.count - this.#told.length;
    return more > 0 ? [...this.#told, `And ${counted(more, "line")} more.`] : this.#told;
  }
}
