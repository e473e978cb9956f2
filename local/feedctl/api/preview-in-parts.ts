import type { PreviewSource } from "../input/preview-source.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import type { Progress } from "../terminal/progress.ts";
import { type PreviewPart, previewParts } from "./preview.ts";

/**
 * Asks for part after part, with a bar on a terminal where there are several.
 *
 * @param askFor - Returns how many events have been previewed.
 */
export async function previewInParts(
  { events, share }: PreviewSource,
  session: Session,
  askFor: (part: PreviewPart) => Promise<number>,
): Promise<void> {
  const { interrupted, stderr } = session.world;
  let parts = 0;
  let progress: Progress | undefined;
  try {
    for await (const part of previewParts(events)) {
      interrupted.throwIfAborted();
      if (parts++ === 1 && stderr.isTTY) progress = session.progress();
      const previewed = await askFor(part);
      progress?.update(share(), `${counted(previewed, "event")} previewed`);
    }
  } finally {
    progress?.stop();
  }
  if (parts > 1)
    session.note(
      `Asked in ${counted(parts, "part")}: events are merged into batches within a part only, and may be merged further on the way.`,
    );
}
