import { MAX_PREVIEW_EVENTS, type PreviewAnswer } from "../../../shared/api/preview.schema.ts";
import type { EventGroup, Mode } from "../input/events.ts";

/** Bytes of events in one request; the rest of its megabyte is for what stands around them. */
const MAX_EVENT_BYTES = 1_000_000;

/** Events of one request. */
export interface PreviewPart {
  readonly events: unknown[];
  readonly mode: Mode | undefined;
}

/** Divides events over requests: by message, since each may say how old its events may be, and by what one request takes. */
export function previewParts(groups: readonly Pick<EventGroup, "events" | "mode">[]): PreviewPart[] {
  const parts: PreviewPart[] = [];
  let bytes = 0;
  for (const { events, mode } of groups)
    for (const event of events) {
      const size = Buffer.byteLength(JSON.stringify(event)) + 1;
      const last = parts.at(-1);
      const isRoom = last && last.events.length < MAX_PREVIEW_EVENTS && bytes + size <= MAX_EVENT_BYTES;
      if (isRoom && last.mode === mode) {
        last.events.push(event);
        bytes += size;
      } else {
        parts.push({ events: [event], mode });
        bytes = size;
      }
    }
  return parts;
}

/** Answers to several requests as one: the positions of batches are those in the whole. */
export function joined(answers: readonly PreviewAnswer[]): PreviewAnswer {
  const whole: PreviewAnswer = { events: [], batches: [] };
  for (const { events, batches } of answers) {
    const before = whole.batches.length;
    whole.events.push(
      ...events.map((event) => ({ ...event, batches: event.batches.map((i) => i + before) })),
    );
    whole.batches.push(...batches);
  }
  return whole;
}
