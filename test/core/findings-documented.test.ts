import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { documentationOf, FINDINGS } from "../../shared/core/finding.ts";
import { LINTS } from "../../shared/core/lint/lint-finding.ts";

const page = readFileSync(new URL("../../docs/findings.md", import.meta.url), "utf8");
const catalogue = { ...FINDINGS, ...LINTS };
const codes = Object.keys(catalogue) as (keyof typeof catalogue)[];

/** The text below each heading that is a code. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

it("explains every code under a heading of its own, and no other", () => {
  expect([...sections.keys()].toSorted()).toEqual(codes.toSorted());
});

it.each(codes)("says of %s its severity and the sentence that findings say", (code) => {
  const [severity, sentence] = catalogue[code];
  expect(sections.get(code)).toContain(`*${severity}* ${sentence}\n`);
});

it("gives an address whose anchor is the heading", () => {
  expect(documentationOf("name_cut")).toBe("docs/findings.md#name_cut");
});
