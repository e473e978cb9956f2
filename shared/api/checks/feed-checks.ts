/** What no schema says of a feed's settings: in the words of the code that compiles them, and their sizes. */
import type { z } from "zod";
import type { Consent } from "../../core/consent/consent.schema.ts";
import { consentPlanOf } from "../../core/consent/consent-plan.ts";
import type { Mapping } from "../../core/mapping/mapping.schema.ts";
import { MappingError } from "../../core/mapping/mapping-error.ts";
import { compileMapping } from "../../core/mapping/plan.ts";
import type { RowModel } from "../../core/rows/row-model.schema.ts";
import { compileRowModels } from "../../core/rows/row-plan.ts";
import { consentValues } from "../shapes/consent-shapes.ts";
import { rowValues } from "../shapes/row-shapes.ts";
import type { Path } from "../shapes/value-shape.ts";
import { valuesOf, wrongInMapping } from "./check-mapping.ts";
import { wrongInRows } from "./check-rows.ts";
import { wrongInRules } from "./check-rules.ts";
import { type Wrong, wrongIn } from "./check-value.ts";
import { wrongPlaces } from "./places.ts";
import { insteadOfStar } from "./star-place.ts";

/** UTF-8 bytes of a document as JSON: an item of the table holds 400 kB, and with the feed this is one of it. */
const MAX_DOCUMENT_BYTES = 100_000;

/** UTF-8 bytes of all settings as JSON: an item of the table holds 400 kB, in which keys and dates have their place too. */
const MAX_SETTINGS_BYTES = 300_000;

const MAX_ROW_MODELS = 100;

export function checkMapping(mapping: Mapping, context: z.RefinementCtx): void {
  if (context.issues.length > 0) return;
  if (!isShort(mapping, context)) return;
  tell(wrongInRules(mapping), context);
  const instead: Instead = (path) => insteadOfStar(mapping, path, valuesOf(mapping), false);
  if (context.issues.length === 0 && compiles(() => compileMapping(mapping), instead, context))
    tell([...wrongInMapping(mapping), ...wrongPlaces(mapping)], context);
}

export function checkRows(rows: Readonly<Record<string, RowModel>>, context: z.RefinementCtx): void {
  if (context.issues.length > 0) return;
  const instead: Instead = (path) => insteadOfStar(rows, path, rowValues(rows), true);
  if (Object.keys(rows).length > MAX_ROW_MODELS)
    context.addIssue({ code: "custom", message: `must not have more than ${MAX_ROW_MODELS} models` });
  else if (isShort(rows, context) && compiles(() => compileRowModels(rows), instead, context))
    tell(wrongInRows(rows), context);
}

export function checkConsent(consent: Consent, context: z.RefinementCtx): void {
  const instead: Instead = (path) => insteadOfStar(consent, path, consentValues(consent), false);
  if (context.issues.length === 0 && compiles(() => consentPlanOf(consent), instead, context))
    tell(consentValues(consent).flatMap(wrongIn), context);
}

export function checkSize(settings: object, context: z.RefinementCtx): void {
  if (context.issues.length === 0 && Buffer.byteLength(JSON.stringify(settings)) > MAX_SETTINGS_BYTES)
    context.addIssue({
      code: "custom",
      message: `must not be longer than ${MAX_SETTINGS_BYTES} bytes as JSON, all settings together`,
    });
}

function isShort(document: object, context: z.RefinementCtx): boolean {
  const isIt = Buffer.byteLength(JSON.stringify(document)) <= MAX_DOCUMENT_BYTES;
  if (!isIt)
    context.addIssue({
      code: "custom",
      message: `must not be longer than ${MAX_DOCUMENT_BYTES} bytes as JSON`,
    });
  return isIt;
}

function tell(wrong: readonly Wrong[], context: z.RefinementCtx): void {
  for (const { path, message } of wrong) context.addIssue({ code: "custom", path: [...path], message });
}

/** More words than the compiler of delivery has, for what stands at a place. */
type Instead = (path: Path) => string | undefined;

/** Tells what the compiler refuses. */
function compiles(compile: () => unknown, instead: Instead, context: z.RefinementCtx): boolean {
  try {
    compile();
    return true;
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    const path = stepsOf(error.field);
    context.addIssue({ code: "custom", path, message: instead(path) ?? error.problem });
    return false;
  }
}

/** `rules[0]["a.b"]` as a path of steps. */
function stepsOf(place: string): (string | number)[] {
  const steps = place.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|[^.[\]"]+/g);
  return Array.from(steps, ([text, index, quoted]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? text : String(JSON.parse(quoted));
  });
}
