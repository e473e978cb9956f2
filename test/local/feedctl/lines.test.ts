import fc from "fast-check";
import { expect, it } from "vitest";
import { type Line, linesOf } from "../../../local/feedctl/input/lines.ts";

async function linesIn(pieces: readonly string[], maxLength?: number): Promise<Line[]> {
  async function* given() {
    yield* pieces;
  }
  const lines: Line[] = [];
  for await (const line of linesOf(given(), maxLength)) lines.push(line);
  return lines;
}

it("gives the lines of a text, however it comes in pieces", async () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom("a", "\u2028", "\r", "\n", "\r\n") }));

  await fc.assert(
    fc.asyncProperty(pieces, async (given) => {
      const whole = given.join("").split("\n");
      if (whole.at(-1) === "") whole.pop();

      expect(await linesIn(given)).toEqual(
        whole.map((text, i) => ({ number: i + 1, text: text.replace(/\r$/, "") })),
      );
    }),
  );
});

it("keeps nothing of a line that is too long, and all of its neighbours", async () => {
  expect(await linesIn(["ab\nabc", "d\nabc\n", "abcd"], 3)).toEqual([
    { number: 1, text: "ab" },
    { number: 2, text: undefined },
    { number: 3, text: "abc" },
    { number: 4, text: undefined },
  ]);
});
