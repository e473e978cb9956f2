import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withLiteralKeys } from "../../../infra/bundling/lambda-plugin.ts";
import { REPLACEMENTS } from "../../../infra/bundling/left-out.ts";

describe("schema keys", () => {
  it("are written out when they are string constants of the file", () => {
    const source =
      'const _hC = "httpChecksum";\nexport var Put$ = [9, n0, _P, { [_hC]: "-", [_hC]: [_x, 1] }];';

    const rewritten = withLiteralKeys(source);

    expect(rewritten).toBe(
      'const _hC = "httpChecksum";\nexport var Put$ = [9, n0, _P, { "httpChecksum": "-", "httpChecksum": [_x, 1] }];',
    );
  });

  it("stop the build when they are computed from anything else", () => {
    expect(() => withLiteralKeys("const _n = name();\nexport var A$ = { [_n]: 1 };")).toThrow(
      "Schema key _n is not a string constant of its file",
    );
  });
});

describe("what is left out of a bundle", () => {
  it.each(REPLACEMENTS.flatMap(({ files }) => files))("is still where it is looked for: %s", (file) => {
    expect(existsSync(new URL(`../../../node_modules/${file}`, import.meta.url))).toBe(true);
  });
});
