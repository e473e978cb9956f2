/** Longer names are not compared: no name of ours is. */
const MAX_LENGTH = 40;

/** Shorter names are the beginning or end of many. */
const MIN_PART_LENGTH = 4;

/**
 * The known name that was surely meant: `eventType` for `eventtype`, `quantity` for `quantitiy`, `device_model` for `model`.
 * Undefined: none is near.
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > MAX_LENGTH) return undefined;
  const bare = bareName(given);
  const [nearest] = known
    .map((name) => ({ name, distance: distanceOf(bare, bareName(name)) }))
    // A third of a name may be wrong: to shorter ones nearly every other would be near.
    .filter(({ name, distance }) => distance <= Math.min(2, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest?.name ?? wholeOf(bare, known);
}

/** The one name that begins or ends with what was given. */
function wholeOf(part: string, known: readonly string[]): string | undefined {
  if (part.length < MIN_PART_LENGTH) return undefined;
  const [whole, another] = known.filter(
    (name) => bareName(name).startsWith(part) || bareName(name).endsWith(part),
  );
  return another === undefined ? whole : undefined;
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Characters to add, leave out or replace that make one text of the other. */
function distanceOf(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, character] of [...one].entries()) {
    const row = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = (above[j] ?? 0) + (character === other[j] ? 0 : 1);
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above[other.length] ?? 0;
}
