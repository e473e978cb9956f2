import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { KEPT_ERRORS, REPLACEMENTS } from "./left-out.ts";

/** An AWS SDK client's schemas: one file for all operations of the service. */
const CLIENT_SCHEMAS = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

/** Read for name and version by libraries that tell servers who is calling. */
const PACKAGE_JSON = /[\\/]node_modules[\\/].*[\\/]package\.json$/;

/** Takes out of a Lambda function's bundle what it never runs: about a third of the whole. */
export const lambdaPlugin: Plugin = {
  name: "lambda",
  setup(build) {
    for (const { files, contents } of REPLACEMENTS) {
      for (const file of files) build.onLoad({ filter: pathEndingIn(file) }, () => ({ contents }));
    }
    build.onLoad({ filter: PACKAGE_JSON }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
    build.onLoad({ filter: CLIENT_SCHEMAS }, async ({ path }) => ({
      contents: withoutErrors(withLiteralKeys(await readFile(path, "utf8"))),
    }));
  },
};

function pathEndingIn(file: string): RegExp {
  return new RegExp(`[\\\\/]node_modules[\\\\/]${file.replaceAll(".", "\\.").replaceAll("/", "[\\\\/]")}$`);
}

/**
 * Writes `{ [_hC]: "-" }` as `{ "httpChecksum": "-" }`, with the value of the file's own constant `_hC`.
 *
 * Computing a key may run code, so esbuild keeps every object that does, and with it the schemas of all operations. With
 * plain keys it drops those that no command of ours refers to.
 *
 * @throws when a key is computed from anything but a string constant: the SDK then writes its schemas in another way.
 */
export function withLiteralKeys(source: string): string {
  const constants = new Map<string, string>();
  for (const [, name, literal] of source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)) {
    if (name && literal) constants.set(name, literal);
  }
  return source.replace(/\[(_\w+)\]:/g, (_, name: string) => {
    const literal = constants.get(name);
    if (literal === undefined) throw new Error(`Schema key ${name} is not a string constant of its file`);
    return `${literal}:`;
  });
}

/**
 * Takes back the registration of a service's errors, but for its base class and those of {@link KEPT_ERRORS}. An error that is not
 * registered is made of the base class, with name, message and status as they came: all that we look at, and the SDK's retries do.
 *
 * @throws when no error is registered: the SDK then tells of its errors in another way.
 */
export function withoutErrors(source: string): string {
  const registration = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;
  if (!registration.test(source)) throw new Error("The schemas of a client register no error");
  return source.replace(registration, (line, name: string) => (KEPT_ERRORS.includes(name) ? line : ""));
}
