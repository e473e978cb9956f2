import { expect, it } from "vitest";
import { assertPrecondition, readPrecondition } from "../../../functions/onboarding-api/precondition.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";

/** Whether a header lets a request at a record of this revision. */
function lets(header: string, revision = "r1"): boolean {
  const precondition = readPrecondition({ "if-match": header }, "PUT");
  try {
    assertPrecondition(precondition, { revision });
    return true;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "precondition_failed") throw error;
    return false;
  }
}

it.each([
  ["*", true],
  ['"r1"', true],
  ['"r0","r1"', true],
  ['"r0", "r1"', true],
  ['"r0" ,\t "r1"', true],
  ['"r0",, ,"r1" ,', true],
  [', "r1"', true],
  ['W/"r1"', false],
  ['W/"r1", "r0"', false],
  ['W/"r1", "r1"', true],
  ['"R1"', false],
  ['"r0,r1"', false],
  ['""', false],
])("an If-Match of %s lets a request at revision r1: %s", (header, expected) => {
  expect(lets(header)).toBe(expected);
});

it("lets none of any tag at what is not there", () => {
  for (const header of ["*", '"0"', 'W/"0"'])
    expect(() => assertPrecondition(readPrecondition({ "if-match": header }, "PUT"), undefined)).toThrow(
      "It does not exist.",
    );
});
