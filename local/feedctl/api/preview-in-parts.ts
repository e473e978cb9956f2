import type { PreviewAnswer } from "../../../shared/api/preview.schema.ts";
import { OnboardingError } from "../../../shared/client/onboarding-client.ts";
import type { PreviewSource } from "../input/preview-source.ts";
import type { Session } from "../session.ts";
import { counted } from "../show/counted.ts";
import type { Progress } from "../terminal/progress.ts";
import { halves, type PreviewPart, previewParts } from "./preview.ts";

export interface PreviewWays {
  readonly ask: (part: PreviewPart) => Promise<PreviewAnswer>;
  /** Takes the answer for a part. */
  readonly take: (answer: PreviewAnswer, numbers: readonly number[]) => Promise<void>;
  /** Is told of an event that the API does not take. */
  readonly refuse: (number: number, problem: string) => void;
}

/** Asks for part after part, with a bar on a terminal where there are several. */
export async function previewInParts(
  { events, share }: PreviewSource,
  session: Session,
  { ask, take, refuse }: PreviewWays,
): Promise<void> {
  const { interrupted, stderr } = session.world;
  let answered = 0;
  let previewed = 0;
  let progress: Progress | undefined;
  const askFor = async (part: PreviewPart): Promise<void> => {
    interrupted.throwIfAborted();
    const answer = await ask(part).catch((error: unknown) => {
      if (isAboutEvents(error)) return error;
      throw error;
    });
    if (!(answer instanceof OnboardingError)) {
      answered++;
      previewed += answer.events.length;
      return take(answer, part.numbers);
    }
    if (part.events.length > 1) for (const half of halves(part)) await askFor(half);
    else refuse(part.numbers[0] ?? 0, `is not taken by the API (${bare(answer.message)})`);
  };
  let isFirst = true;
  try {
    for await (const part of previewParts(events)) {
      if (!isFirst && stderr.isTTY) progress ??= session.progress();
      isFirst = false;
      await askFor(part);
      progress?.update(share(), `${counted(previewed, "event")} previewed`);
    }
  } finally {
    progress?.stop();
  }
  if (answered > 1)
    session.note(
      `Asked in ${counted(answered, "part")}: events are merged into batches within a part only, and may be merged further on the way.`,
    );
}

/** Whether the API did not read the request: it refuses some texts that a queue carries, such as very deep ones. */
function isAboutEvents(error: unknown): error is OnboardingError {
  const code = error instanceof OnboardingError ? error.problem?.code : undefined;
  return code === "not_json" || code === "too_large";
}

/** A sentence inside of another. */
function bare(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, "");
}
