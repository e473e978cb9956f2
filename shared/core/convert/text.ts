/** Text as mParticle takes it: from scalars, cut to a length, whole characters only. */

/** The text of a scalar; undefined for everything that has none. */
export function scalarText(value: unknown): string | undefined {
  // Not a switch: V8 compiles a comparison of one type to a test, and a choice among types to a call.
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === "boolean") return value ? "true" : "false";
  return undefined;
}

// No digit can be matched in two ways, so that long text costs no more than its length.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that decimal text says; NaN for any other text. */
export function decimal(text: string): number {
  const bare = trimmed(text);
  return DECIMAL.test(bare) ? Number(bare) : Number.NaN;
}

/** JSON text of a list or object; undefined when it nests deeper than the call stack. */
export function jsonText(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Well-formed text cut to at most `maxLength` UTF-16 units, never between the halves of a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHighSurrogate ? maxLength - 1 : maxLength);
}

/** Whether a value says no more than its absence: null, or text of nothing but white space. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** Text without white space at its ends. Most has none, which its first and last unit show at a fraction of the cost. */
export function trimmed(text: string): string {
  return isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1)) ? text : text.trim();
}

/** Whether text is surely not blank, as its first unit shows for hardly any cost. */
export function beginsVisibly(text: string): boolean {
  return isVisible(text.charCodeAt(0));
}

/** Of ASCII; NaN, the unit of empty text, is not. */
function isVisible(unit: number): boolean {
  return unit > 32 && unit < 127;
}
