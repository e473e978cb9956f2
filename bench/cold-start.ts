import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFunction } from "../infra/bundling/bundle-function.ts";
import { median } from "./conversion.ts";

export interface ColdStartFigures {
  /** Minified code of the deliver-events function, source map excluded. */
  readonly bundleBytes: number;
  /** Milliseconds to import it in a new process; median. */
  readonly importMs: number;
  /** The same for a function that does nothing. */
  readonly emptyImportMs: number;
}

/** What the function needs to start; it connects to nothing before its first record. */
const ENV = {
  ...process.env,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  POWERTOOLS_TRACE_ENABLED: "false",
  STAGE: "local",
  QUEUE_URL: "http://127.0.0.1/000000000000/bench",
  TABLE_NAME: "bench",
  BUCKET_NAME: "bench",
  SECRET_PREFIX: "bench",
  PARTNER_URL: "https://inbound.mparticle.com/s2s/v2",
};

/** Bundles the function as it is deployed and imports it, and an empty one, in turns. */
export async function measureColdStart(rounds: number): Promise<ColdStartFigures> {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const bundle = await bundleFunction("functions/deliver-events/handler.ts", directory);
    const empty = join(directory, "empty.mjs");
    writeFileSync(empty, "export const handler = async () => {};\n");
    const times = Array.from({ length: rounds }, () => ({
      full: importMs(bundle.path),
      empty: importMs(empty),
    }));
    return {
      bundleBytes: bundle.bytes,
      importMs: median(times.map(({ full }) => full)),
      emptyImportMs: median(times.map((time) => time.empty)),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Measured inside the new process, so that starting Node itself is in neither figure. */
function importMs(path: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - t); process.exit()`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    env: ENV,
    encoding: "utf8",
  });
  return Number(output.trim().split("\n").at(-1));
}
