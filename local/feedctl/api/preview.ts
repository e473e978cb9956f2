import { MAX_PREVIEW_EVENTS } from "../../../shared/api/preview.schema.ts";
import type { Mode } from "../input/events.ts";
import { bytesOf, MAX_EVENT_BYTES, type SourcedEvent } from "../input/preview-source.ts";

/** Events of one request. */
export interface PreviewPart {
  readonly events: unknown[];
  readonly mode: Mode | undefined;
  /** Of the events, as people know them. */
  readonly numbers: number[];
}

/** Divides events over requests: by mode, which is one for a request, and by what one request takes. */
export async function* previewParts(events: AsyncIterable<SourcedEvent>): AsyncGenerator<PreviewPart> {
  let part: PreviewPart | undefined;
  let bytes = 0;
  for await (const { event, mode, number } of events) {
    const size = bytesOf(event) + 1;
    const isRoom = part && part.events.length < MAX_PREVIEW_EVENTS && bytes + size <= MAX_EVENT_BYTES;
    if (!part || !isRoom || part.mode !== mode) {
      if (part) yield part;
      part = { events: [], mode, numbers: [] };
      bytes = 0;
    }
    part.events.push(event);
    part.numbers.push(number);
    bytes += size;
  }
  if (part) yield part;
}

export function halves({ events, mode, numbers }: PreviewPart): PreviewPart[] {
  const middle = Math.ceil(events.length / 2);
  return [
    { events: events.slice(0, middle), mode, numbers: numbers.slice(0, middle) },
    { events: events.slice(middle), mode, numbers: numbers.slice(middle) },
  ];
}
