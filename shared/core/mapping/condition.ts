/** Conditions of a rule, compiled. */
import { decimal, scalarText } from "../convert/text.ts";
import { mayLookThrough } from "./budget.ts";
import type { ValueScope } from "./compile-value.ts";
import type { Condition } from "./mapping.schema.ts";
import { MappingError } from "./mapping-error.ts";
import { parsePath, read } from "./path.ts";

export type ConditionTest = (scope: ValueScope) => boolean;

const MAX_DEPTH = 5;

/** What may stand beside `key`, and the type of what it compares with. */
const COMPARISONS = {
  equals: "scalar",
  oneOf: "list",
  exists: "boolean",
  above: "number",
  below: "number",
  startsWith: "string",
  contains: "string",
} as const;

type Comparison = keyof typeof COMPARISONS;

/** A test that holds when all of several conditions do. @throws {MappingError} */
export function compileConditions(given: unknown, place: string, depth = 1): ConditionTest {
  if (!Array.isArray(given)) throw new MappingError(place, "must be a list of conditions");
  const tests = given.map((condition, i) => compileCondition(condition, `${place}[${i}]`, depth));
  return (scope) => tests.every((test) => test(scope));
}

function compileCondition(given: unknown, place: string, depth: number): ConditionTest {
  if (depth > MAX_DEPTH) throw new MappingError(place, `must not be more than ${MAX_DEPTH} conditions deep`);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new MappingError(
      place,
      "must be a condition: an object with key and what stands there, anyOf or not",
    );
  const { key, anyOf, not, ...comparisons } = given as Condition;
  const tests: ConditionTest[] = [];
  if (anyOf !== undefined) {
    if (!Array.isArray(anyOf) || anyOf.length === 0)
      throw new MappingError(`${place}.anyOf`, "must be a list of conditions");
    const any = anyOf.map((condition, i) => compileCondition(condition, `${place}.anyOf[${i}]`, depth + 1));
    tests.push((scope) => any.some((test) => test(scope)));
  }
  if (not !== undefined) {
    const test = compileCondition(not, `${place}.not`, depth + 1);
    tests.push((scope) => !test(scope));
  }
  const compared = Object.keys(comparisons);
  if (compared.length > 0 && key === undefined) throw new MappingError(`${place}.key`, "is required");
  if (key !== undefined) {
    if (typeof key !== "string") throw new MappingError(`${place}.key`, "must be a place in the event");
    const { fromEvent, steps } = parsePath(key, `${place}.key`);
    if (compared.length === 0) throw new MappingError(place, `must say what stands there: ${names()}`);
    const checks = compared.map((name) => comparison(name, comparisons[name as Comparison], place));
    tests.push(({ event, at, budget }) => {
      if (budget.left-- <= 0) return false;
      const found = read(fromEvent ? event : at, steps) ?? undefined;
      return checks.every((check) => mayLookThrough(found, budget) && check(found));
    });
  }
  if (tests.length === 0) throw new MappingError(place, "must have key, anyOf or not");
  return (scope) => tests.every((test) => test(scope));
}

function comparison(name: string, expected: unknown, place: string): (found: unknown) => boolean {
  const at = `${place}.${name}`;
  if (!Object.hasOwn(COMPARISONS, name)) throw new MappingError(at, `is not one of ${names()}`);
  switch (COMPARISONS[name as Comparison]) {
    case "scalar":
      assertScalar(expected, at);
      return (found) => isEqual(found, expected);
    case "list": {
      if (!Array.isArray(expected) || expected.length === 0)
        throw new MappingError(at, "must be a list of scalars");
      for (const [i, entry] of expected.entries()) assertScalar(entry, `${at}[${i}]`);
      return (found) => expected.some((entry) => isEqual(found, entry));
    }
    case "boolean":
      if (typeof expected !== "boolean") throw new MappingError(at, "must be true or false");
      return (found) => (found !== undefined) === expected;
    case "number":
      if (typeof expected !== "number" || !Number.isFinite(expected))
        throw new MappingError(at, "must be a number");
      return name === "above" ? (found) => numberOf(found) > expected : (found) => numberOf(found) < expected;
    case "string":
      if (typeof expected !== "string" || expected === "") throw new MappingError(at, "must be text");
      return name === "startsWith"
        ? (found) => scalarText(found)?.startsWith(expected) === true
        : (found) => contains(found, expected);
  }
}

function assertScalar(value: unknown, place: string): void {
  if (scalarText(value) === undefined) throw new MappingError(place, "must be text, a number, true or false");
}

/** A number and its text are equal: senders mix them. */
function isEqual(found: unknown, expected: unknown): boolean {
  return found === expected || (found !== undefined && scalarText(found) === scalarText(expected));
}

/** Text that holds it, or a list with such an element. */
function contains(found: unknown, expected: string): boolean {
  if (Array.isArray(found)) return found.some((entry) => scalarText(entry) === expected);
  return scalarText(found)?.includes(expected) === true;
}

/** NaN, which is neither above nor below, for what is no number. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? decimal(value) : Number.NaN;
}

function names(): string {
  return Object.keys(COMPARISONS).join(", ");
}
