import { expect, it } from "vitest";
import { changes, leaves } from "../../../../local/feedctl/show/leaves.ts";

it("gives each value with its place, and a list as one value", () => {
  expect(leaves({ kind: "partner", mapping: { preset: "segment" }, platforms: ["iOS", "web"] })).toEqual([
    ["kind", "partner"],
    ["mapping.preset", "segment"],
    ["platforms", "iOS, web"],
  ]);
});

it("gives a list that holds objects or lists as JSON, and tells when one of them changes", () => {
  const before = { mapping: { rules: [{ event: "A", ignore: true }] } };
  const after = { mapping: { rules: [{ event: "B", ignore: true }] } };

  expect(leaves(before)).toEqual([["mapping.rules", '[{"event":"A","ignore":true}]']]);
  expect(leaves({ pairs: [["a", "b"]] })).toEqual([["pairs", '[["a","b"]]']]);
  expect(changes(before, after)).toEqual([
    'mapping.rules: [{"event":"A","ignore":true}] -> [{"event":"B","ignore":true}]',
  ]);
});
