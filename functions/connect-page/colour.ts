/** Colours as far as contrast needs them. All are `#rrggbb`. */

/** Contrast that WCAG asks of text, and of what a control is recognised by. */
export const TEXT_CONTRAST = 4.5;
export const CONTROL_CONTRAST = 3;

/** Steps in which a colour is moved towards black or white. */
const STEPS = 20;

/** From 1 (equal) to 21 (black on white). @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Black or white, whichever reads better on a colour. One of them always has a contrast of 4.58 or more. */
export function textOn(background: string): string {
  return contrast(background, "#ffffff") >= contrast(background, "#000000") ? "#ffffff" : "#000000";
}

/** A colour itself, or the nearest one towards black or white that stands out from a background by a contrast. */
export function standingOut(colour: string, background: string, wanted: number): string {
  const end = textOn(background);
  for (let step = 0; step < STEPS; step++) {
    const candidate = mix(colour, end, step / STEPS);
    if (contrast(candidate, background) >= wanted) return candidate;
  }
  return end;
}

function mix(from: string, to: string, share: number): string {
  const other = channels(to);
  const mixed = channels(from).map((value, i) => Math.round(value + ((other[i] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
