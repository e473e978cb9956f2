import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's own directory. */
export const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** A search path on which `node` is the one that runs this, as Lambda's runtime will be, and `cdk` is the project's. */
export const SEARCH_PATH = [
  dirname(process.execPath),
  `${PROJECT}node_modules/.bin`,
  process.env["PATH"] ?? "",
].join(delimiter);
