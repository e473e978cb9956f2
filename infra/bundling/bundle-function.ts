import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { lambdaPlugin } from "./lambda-plugin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bytes of minified code that a function may have, source map excluded: each kilobyte is paid at every cold start. */
export const MAX_BUNDLE_BYTES = 600_000;

/**
 * Of the onboarding function: no event waits for it, and it words its refusals from zod's schemas (160 kB) instead of from checks
 * that stop at the first problem.
 */
const MAX_ONBOARDING_BYTES = 900_000;

/** Bytes that the bundle of an entry may have. */
export function maxBytesOf(entry: string): number {
  return entry.startsWith("functions/onboarding-api/") ? MAX_ONBOARDING_BYTES : MAX_BUNDLE_BYTES;
}

/** Module name of the bundle in the handler setting of a function. */
export const BUNDLE_MODULE = "index";

export interface Bundle {
  /** Absolute path of the module; its source map lies beside it. */
  readonly path: string;
  /** Size of the module, source map excluded. */
  readonly bytes: number;
  /** Bytes of the module by source file, relative to the project. */
  readonly bytesByInput: ReadonlyMap<string, number>;
}

/**
 * Bundles a function's entry with everything it imports into one ES module that Lambda's Node 24 runtime loads.
 *
 * @param entry - TypeScript file, relative to the project.
 * @param outDir - Takes `index.mjs` and `index.mjs.map`.
 * @throws esbuild's error, which names file and line, when the entry cannot be bundled.
 */
export async function bundleFunction(entry: string, outDir: string): Promise<Bundle> {
  const path = join(outDir, `${BUNDLE_MODULE}.mjs`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    // ES modules where a package has them: only those lose what is not used.
    mainFields: ["module", "main"],
    // Stack traces need positions, not another copy of the source.
    sourcemap: "linked",
    sourcesContent: false,
    // Bundled CommonJS packages call require() for Node's own modules; an ES module has none.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    plugins: [lambdaPlugin],
    logLevel: "warning",
    metafile: true,
  });
  const output = Object.entries(metafile.outputs).find(([file]) => file.endsWith(".mjs"))?.[1];
  if (!output) throw new Error(`esbuild wrote no module for ${entry}`);
  return {
    path,
    bytes: output.bytes,
    bytesByInput: new Map(
      Object.entries(output.inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]),
    ),
  };
}
