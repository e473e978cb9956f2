import type { Verification, VerificationOutcome } from "../../../shared/api/verification.schema.ts";
import { formatFields } from "../terminal/field-list.ts";
import type { Paper, Style } from "../terminal/paper.ts";
import { shownInstant } from "./instant.ts";

const STYLES: Readonly<Record<VerificationOutcome, Style>> = {
  accepted: "green",
  refused: "red",
  throttled: "yellow",
  unavailable: "yellow",
  unexpected: "yellow",
};

/** What a test of keys found, in the API's plain words. */
export function showVerification(verification: Verification, paper: Paper): string {
  const { outcome, checkedAt, summary, advice, screen, caveats } = verification;
  return formatFields(
    [
      ["test", outcome, STYLES[outcome]],
      ["at", shownInstant(checkedAt)],
      ["meaning", summary],
      ["what next", advice],
      ["in mParticle", screen],
      ...caveats.map((caveat, i) => [i === 0 ? "not known" : "", caveat] as const),
    ],
    paper,
  );
}
