import axe from "axe-core";
import type { Page } from "playwright-core";

/** What is inaccessible on a page, by all of axe's rules: one line for each rule and element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Not as a script element: the page's policy would refuse it.
  await page.evaluate(axe.source);
  const { violations, incomplete } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations", "incomplete"] }),
  );
  // What axe cannot decide by itself is looked at too, or a rule that cannot judge anything would pass.
  return [...violations, ...incomplete].flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id} at ${target.join(" ")}: ${help}`),
  );
}
