import { hash } from "node:crypto";

/** Text to write, then a value to write after it, or none. */
interface Step {
  readonly text: string;
  readonly value?: unknown;
}

/**
 * JSON text that is the same for equal content: object keys sorted by code unit, no white space.
 *
 * Keeps its own list of what is left to write instead of calling itself, since input may nest deeper than the call
 * stack reaches. What JSON cannot express is written as null, or left out of objects, as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  let json = "";
  const steps: Step[] = [{ text: "", value }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    json += step.text;
    if (!("value" in step)) continue;
    const { value } = step;
    if (typeof value !== "object" || value === null) json += JSON.stringify(value) ?? "null";
    else if (Array.isArray(value)) pushArray(steps, value);
    else pushObject(steps, value as Record<string, unknown>);
  }
  return json;
}

/** SHA-256 of the canonical JSON text, as 43 characters of base64url: an id for content that has none. */
export function contentHash(value: unknown): string {
  return hash("sha256", canonicalJson(value), "base64url");
}

/** Steps are taken from the end, so what comes first is pushed last. */
function pushArray(steps: Step[], values: readonly unknown[]): void {
  steps.push({ text: values.length === 0 ? "[]" : "]" });
  for (let i = values.length - 1; i >= 0; i--) steps.push({ text: i === 0 ? "[" : ",", value: values[i] });
}

function pushObject(steps: Step[], object: Record<string, unknown>): void {
  const keys = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort();
  steps.push({ text: keys.length === 0 ? "{}" : "}" });
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i] ?? "";
    steps.push({ text: `${i === 0 ? "{" : ","}${JSON.stringify(key)}:`, value: object[key] });
  }
}
