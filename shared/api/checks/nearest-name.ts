/** Longer names are not compared: no name of ours is. */
const MAX_LENGTH = 40;

/** Shorter names are the beginning or end of many. */
const MIN_PART_LENGTH = 4;

/**
 * The known name that was surely meant: `eventType` for `eventtype`, `quantity` for `quantitiy`, `device_model` for `model`.
 * Undefined: none is near, or several are.
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > MAX_LENGTH) return undefined;
  const near = nearNames(given, known);
  return near.length > 0 ? only(near) : wholeOf(bareName(given), known);
}

/** The known name of which this one is a misspelling, and not a part. */
export function misspeltName(given: string, known: readonly string[]): string | undefined {
  return given.length > MAX_LENGTH ? undefined : only(nearNames(given, known));
}

/** Those of the fewest mistakes. */
function nearNames(given: string, known: readonly string[]): string[] {
  const bare = bareName(given);
  const found = known.map((name) => ({ name, distance: mistakesIn(bare, bareName(name)) }));
  const least = Math.min(...found.map(({ distance }) => distance));
  if (least === Number.POSITIVE_INFINITY) return [];
  return found.filter(({ distance }) => distance === least).map(({ name }) => name);
}

function only([name, another]: readonly string[]): string | undefined {
  return another === undefined ? name : undefined;
}

/** Mistakes in a name; infinite: it is another one. */
function mistakesIn(given: string, name: string): number {
  // Who writes other digits means them: the names that have some differ by nothing else.
  if (digitsOf(given) !== digitsOf(name)) return Number.POSITIVE_INFINITY;
  // A third of a name's letters may be wrong: to shorter ones nearly every other would be near.
  const letters = name.length - digitsOf(name).length;
  const distance = distanceOf(given, name);
  return distance <= Math.min(2, Math.floor(letters / 3)) ? distance : Number.POSITIVE_INFINITY;
}

function digitsOf(bare: string): string {
  return bare.replaceAll(/[^0-9]/g, "");
}

/** The one name that begins or ends with what was given. */
function wholeOf(part: string, known: readonly string[]): string | undefined {
  if (part.length < MIN_PART_LENGTH) return undefined;
  return only(known.filter((name) => bareName(name).startsWith(part) || bareName(name).endsWith(part)));
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Characters to add, leave out, replace or swap with their neighbour that make one text of the other. */
function distanceOf(one: string, other: string): number {
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 0; i < one.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = (above[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      const isSwapped = j > 0 && one[i] === other[j - 1] && one[i - 1] === other[j];
      const swapped = isSwapped ? (before[j - 1] ?? 0) + 1 : replaced;
      row.push(Math.min(replaced, swapped, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    before = above;
    above = row;
  }
  return above[other.length] ?? 0;
}
