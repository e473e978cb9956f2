import { counted } from "../show/counted.ts";

/** Those that are told; all are counted. */
const MAX_TOLD = 20;

/** Lines of a file, or events, that are left out: what is wrong with one is no reason not to look at the others. */
export class LeftOut {
  count = 0;
  readonly #by: "line" | "event";
  readonly #told: string[] = [];

  constructor(by: "line" | "event") {
    this.#by = by;
  }

  readonly add = (number: number, problem: string): void => this.#add(this.#by, number, problem);

  /** Of files whose lines may hold several events. */
  readonly addLine = (number: number, problem: string): void => this.#add("line", number, problem);

  #add(by: "line" | "event", number: number, problem: string): void {
    if (++this.count > MAX_TOLD) return;
    this.#told.push(`${by === "line" ? "Line" : "Event"} ${number} ${problem}: it is left out.`);
  }

  /** In sentences. */
  told(): string[] {
    const more = this.count - this.#told.length;
    return more > 0 ? [...this.#told, `And ${counted(more, this.#by)} more.`] : this.#told;
  }
}
