import type { ValueScope } from "../mapping/compile-value.ts";
import { type Findings, note, refuse } from "./findings.ts";

/** What the values of a mapping cost and could not give. */
export function noteCost({ budget }: ValueScope, findings: Findings): void {
  for (const place of budget.unusable) note(findings, "mapping_value_unusable", place);
  if (budget.left <= 0) refuse(findings, "mapping_too_costly", "");
}
