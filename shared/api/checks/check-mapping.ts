/** What a mapping document alone shows to be wrong with what its values give. */
import type { Mapping, SectionName } from "../../core/mapping/mapping.schema.ts";
import { FIELD_SECTIONS } from "../../core/mapping/sections.ts";
import { ofRule, SECTIONS, SINGLE } from "../shapes/section-shapes.ts";
import { ANYTHING, each, type Path, placed, type ValuePlace } from "../shapes/value-shape.ts";
import { type Wrong, wrongIn } from "./check-value.ts";
import { sharedConstants } from "./shared-constants.ts";

type Given = Partial<Pick<Mapping, SectionName>>;

/** Of a document that compiles. */
export function wrongInMapping(mapping: Mapping): Wrong[] {
  return valuesOf(mapping).flatMap((place) => {
    const [first] = mustVary(place, mapping) ? sharedConstants(place) : [];
    if (!first || first.isFallback) return wrongIn(place);
    return [{ path: first.path, message: `must come from the event: ${first.makes}` }];
  });
}

/** Events that name nobody may share a user by a rule of theirs, behind rules that take others, and users an address. */
function mustVary({ shape, path: [first, i] }: ValuePlace, { rules }: Mapping): boolean {
  if (shape.kind !== "scalar" || shape.tells === "address") return false;
  return first !== "rules" || shape.tells === "batch" || (i === 0 && isOfAllEvents(rules[0]));
}

function isOfAllEvents(rule: Mapping["rules"][number] | undefined): boolean {
  return rule?.type === "any" && rule.event === undefined && !rule.when?.length;
}

/** All values of a document. */
export function valuesOf(mapping: Mapping): ValuePlace[] {
  const { rules } = mapping;
  return [
    ...valuesIn(mapping, []),
    ...rules.flatMap((rule, i) => [
      ...placed(rule, ofRule(rule), ["rules", i]),
      ...valuesIn(rule, ["rules", i]),
    ]),
  ];
}

function valuesIn(given: Given, path: Path): ValuePlace[] {
  return [
    ...FIELD_SECTIONS.flatMap((name) => {
      const fields = given[name] ?? {};
      return placed(fields, { ...each(Object.keys(fields), ANYTHING), ...SECTIONS[name] }, [...path, name]);
    }),
    ...placed(given, SINGLE, path),
  ];
}
