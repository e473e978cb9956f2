import type { PreviewAnswer } from "../../shared/api/preview.schema.ts";
import { PreviewTally } from "./preview-tally.ts";
import { showPreview } from "./show/preview.ts";
import { type NumberedBy, showPreviewSummary } from "./show/preview-summary.ts";
import type { Paper } from "./terminal/paper.ts";

export interface CollectionOptions {
  /** Findings are counted, and neither events nor batches kept: it takes no more memory of more of them. */
  readonly isSummary: boolean;
  readonly by: NumberedBy;
}

/** Previews of the parts of a whole, one after the other. */
export class PreviewCollection {
  readonly #options: CollectionOptions;
  readonly #tally = new PreviewTally();
  readonly #whole: PreviewAnswer = { events: [], batches: [] };
  readonly #numbers: number[] = [];

  constructor(options: CollectionOptions) {
    this.#options = options;
  }

  get events(): PreviewTally["events"] {
    return this.#tally.events;
  }

  /** @param numbers - Of the events, as people know them. */
  add(answer: PreviewAnswer, numbers: readonly number[]): void {
    this.#tally.add(answer, numbers);
    if (this.#options.isSummary) return;
    const { events, batches } = this.#whole;
    const before = batches.length;
    // Of the settings, so that they are the same for every part.
    if (answer.remarks) this.#whole.remarks = answer.remarks;
    // The positions of batches become those in the whole.
    for (const event of answer.events)
      events.push({ ...event, batches: event.batches.map((i) => i + before) });
    for (const batch of answer.batches) batches.push(batch);
    for (const number of numbers) this.#numbers.push(number);
  }

  /** What the API answers to a preview, of rows with their lines; or the summary. */
  document(): object {
    const { isSummary, by } = this.#options;
    if (isSummary) return this.#tally.summary();
    const { events, ...rest } = this.#whole;
    return by === "event"
      ? this.#whole
      : { events: events.map((event, i) => ({ line: this.#numbers[i], ...event })), ...rest };
  }

  show({ withBatches }: { readonly withBatches: boolean }, paper: Paper): string {
    const { isSummary, by } = this.#options;
    return isSummary
      ? showPreviewSummary(this.#tally.summary(), by, paper)
      : showPreview(this.#whole, { withBatches, by, numbers: this.#numbers }, paper);
  }
}
