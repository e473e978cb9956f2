/**
 * `node infra/bundling/main.ts ENTRY OUT_DIR`: bundles one function. A process of its own because esbuild takes plugins
 * only asynchronously, and CDK asks for an asset synchronously.
 */
import { bundleFunction, maxBytesOf } from "./bundle-function.ts";

const [entry, outDir] = process.argv.slice(2);
if (!entry || !outDir) throw new Error("usage: node infra/bundling/main.ts ENTRY OUT_DIR");
const { bytes } = await bundleFunction(entry, outDir);
if (bytes > maxBytesOf(entry)) {
  console.error(
    `${entry} bundles to ${bytes} bytes, more than the ${maxBytesOf(entry)} that a function may have`,
  );
  process.exitCode = 1;
}
