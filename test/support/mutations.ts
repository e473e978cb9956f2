/** Valid values made doubtful, so that two judges of them can be compared. */
import fc from "fast-check";

/** Keys and positions from the root on. */
type Place = readonly string[];

interface Edit {
  readonly place: Place;
  readonly edit: "replace" | "remove" | "extend";
  readonly value: unknown;
}

/** Values that are right in some place and nearly right in another, which chance would hardly find. */
const TELLING = [
  null,
  true,
  0,
  1,
  -1,
  2 ** 60,
  "",
  "1",
  "::1",
  "5f3c2a10-0000-0000-0000-0000000000ab",
  "active",
  "track",
  "custom_event",
  "pre_attribution",
  [],
  [null],
  ["x"],
  {},
  { x: "y" },
];

const scalar = fc.oneof(
  fc.constantFrom(...TELLING),
  fc.string(),
  // No finer fractions: zod's `multipleOf` takes some of those for integers.
  fc.integer().map((eighths) => eighths / 8),
);

// zod skips a key of that name, whatever it holds.
const key = fc.string().filter((name) => name !== "__proto__");

const anyValue = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(key, scalar, { maxKeys: 3 }),
);

/** The example with one to three of its places replaced, removed or extended. */
export function mutationsOf(example: unknown): fc.Arbitrary<unknown> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    place: fc.constantFrom(...placesIn(example)),
    edit: fc.constantFrom("replace", "remove", "extend"),
    value: anyValue,
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce(edited, structuredClone(example)));
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, child]) => placesIn(child).map((place) => [key, ...place])),
  ];
}

/** Edits in place; what an earlier edit took away stays away. */
function edited(root: unknown, { place, edit, value }: Edit): unknown {
  const key = place.at(-1);
  if (key === undefined) return edit === "replace" ? structuredClone(value) : root;
  const holder = place
    .slice(0, -1)
    .reduce<unknown>((node, step) => (node as Record<string, unknown> | null)?.[step], root);
  if (typeof holder !== "object" || holder === null) return root;
  if (edit === "replace") Object.assign(holder, { [key]: structuredClone(value) });
  else if (Array.isArray(holder) && edit === "extend") holder.push(structuredClone(value));
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (edit === "extend") Object.assign(holder, { unheard_of: structuredClone(value) });
  else Reflect.deleteProperty(holder, key);
  return root;
}
