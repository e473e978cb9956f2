/** Whether an event's name is one that a rule means. */
export interface NameTest {
  /** Units that one unit of a name may be compared with. */
  readonly cost: number;
  readonly matches: (name: string) => boolean;
}

/** UTF-16 units of the longest name that patterns are tried on: mParticle cuts names far shorter. */
const MAX_TESTED_LENGTH = 512;

/** A name as rules compare it: senders vary the case of names, and no two events differ in it alone. */
export function comparedName(name: string): string {
  return name.length > MAX_TESTED_LENGTH ? "" : name.trim().toLowerCase();
}

/** A test for the beginning of compared names. */
export function prefixTest(prefix: string): NameTest {
  const start = prefix.trimStart().toLowerCase();
  return { cost: 1, matches: (name) => name.startsWith(start) };
}

/**
 * A test of compared names by a pattern of which `*` is any text and `?` any one character. Takes the length of the
 * name times that of the pattern at the most, unlike a regular expression.
 */
export function patternTest(pattern: string): NameTest {
  const expected = pattern.trim().toLowerCase();
  const matches = (name: string) => {
    let at = 0;
    let place = 0;
    // Where the latest star is, and up to where it reaches so far.
    let star = -1;
    let reached = 0;
    while (at < name.length) {
      if (expected[place] === "*") {
        star = place++;
        reached = at;
      } else if (place < expected.length && (expected[place] === "?" || expected[place] === name[at])) {
        place++;
        at++;
      } else if (star >= 0) {
        place = star + 1;
        at = ++reached;
      } else return false;
    }
    while (expected[place] === "*") place++;
    return place === expected.length;
  };
  return { cost: expected.length, matches };
}
