import { counted } from "../show/counted.ts";

/** Those that are told; all are counted. */
const MAX_TOLD = 20;

type Place = "line" | "event";

/** Lines of a file, or events, that are left out: what is wrong with one is no reason not to look at the others. */
export class LeftOut {
  count = 0;
  /** Why a file was not read to its end. */
  brokenOff: string | undefined;
  readonly #by: Place;
  readonly #told: { readonly place: Place; readonly number: number; readonly problem: string }[] = [];

  constructor(by: Place) {
    this.#by = by;
  }

  readonly add = (number: number, problem: string): void => this.#add(this.#by, number, problem);

  /** Of files whose lines may hold several events. */
  readonly addLine = (number: number, problem: string): void => this.#add("line", number, problem);

  #add(place: Place, number: number, problem: string): void {
    if (++this.count <= MAX_TOLD) this.#told.push({ place, number, problem });
  }

  /** In sentences. */
  told(): string[] {
    const more = this.count - this.#told.length;
    const told = this.#told.map(
      ({ place, number, problem }) =>
        `${place === "line" ? "Line" : "Event"} ${number} ${problem}: it is left out.`,
    );
    return more > 0 ? [...told, `And ${counted(more, this.#by)} more.`] : told;
  }

  /** For a document: how many, the first of them, and why the rest of the file was not read. */
  document(): object {
    return {
      leftOut: this.count,
      firstLeftOut: this.#told.map(({ place, number, problem }) => ({ [place]: number, problem })),
      ...(this.brokenOff !== undefined && { brokenOff: this.brokenOff }),
    };
  }
}
