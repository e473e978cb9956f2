/** Names of events that surely were meant to be patterns. */
import type { Remark } from "../../../shared/api/remark.schema.ts";
import type { Mapping } from "../../../shared/core/mapping/mapping.schema.ts";

/** `/^Order/`, `^Order`, `Order.*`. Names of pages may have slashes, brackets and more. */
const REGULAR_EXPRESSION = /^\/.*[\\^$|].*\/[dgimsuvy]*$|^\^|\.\*/s;

/** Not that of a rating, as in `Rated 5*`. */
const STAR = /(?<!\d)\*(?!\d)/;

export function eventNameRemarks(rules: Mapping["rules"]): Remark[] {
  return rules.flatMap(({ event }, i) => {
    const place = `/mapping/rules/${i}/event`;
    if (event === undefined) return [];
    if (typeof event === "string") return toldOf(event, place, "is an exact name");
    const { prefix, pattern } = event;
    if (prefix !== undefined) return toldOf(prefix, `${place}/prefix`, "is a beginning, as it stands");
    // Text before and after a dot and a star is a pattern.
    return pattern !== undefined && REGULAR_EXPRESSION.test(pattern.replaceAll(".*", ""))
      ? [remark(`${place}/pattern`, EXPRESSION)]
      : [];
  });
}

const EXPRESSION = 'is no regular expression: * is any text, ? any character, as in {"pattern": "Order *"}';

function toldOf(name: string, pointer: string, what: string): Remark[] {
  if (REGULAR_EXPRESSION.test(name)) return [remark(pointer, EXPRESSION)];
  return STAR.test(name)
    ? [remark(pointer, `${what}: with * for any text it is {"pattern": ${JSON.stringify(name)}}`)]
    : [];
}

function remark(pointer: string, message: string): Remark {
  return { pointer, code: "pattern_as_name", message };
}
