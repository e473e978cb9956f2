import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withLiteralKeys, withoutErrors } from "../../../infra/bundling/lambda-plugin.ts";
import { KEPT_ERRORS, REPLACEMENTS } from "../../../infra/bundling/left-out.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

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

describe("errors of AWS", () => {
  const registration = (name: string) => `n0_registry.registerError(${name}$, ${name});\n`;

  it("are registered no more, but for the base class and those whose classes are used", () => {
    const base = "_s_registry.registerError(DynamoDBServiceException$, DynamoDBServiceException);\n";
    const kept = registration("ConditionalCheckFailedException");

    expect(withoutErrors(`${base}${registration("LimitExceededException")}${kept}`)).toBe(`${base}\n${kept}`);
  });

  it("stop the build when they are registered in another way", () => {
    expect(() => withoutErrors("registry.add(LimitExceededException);")).toThrow(
      "The schemas of a client register no error",
    );
  });

  // An update of the SDK with a new one shows here: whether it has to be kept is a decision.
  it("that tell the SDK to try again by their class are kept", () => {
    const clients = globSync("node_modules/@aws-sdk/client-*/dist-es/models/errors.js", { cwd: root });
    const retryable = clients.flatMap((file) =>
      readFileSync(`${root}/${file}`, "utf8")
        .split("export class ")
        .filter((source) => source.includes("$retryable"))
        .map((source) => source.split(" ")[0]),
    );

    expect(clients.length).toBeGreaterThan(5);
    expect(retryable).toEqual(["ReplicatedWriteConflictException"]);
    expect(KEPT_ERRORS).toEqual(expect.arrayContaining(retryable));
  });
});

describe("what is left out of a bundle", () => {
  it.each(REPLACEMENTS.flatMap(({ files }) => files))("is still where it is looked for: %s", (file) => {
    expect(existsSync(new URL(`../../../node_modules/${file}`, import.meta.url))).toBe(true);
  });
});
