import { brotliDecompressSync } from "node:zlib";
import { openApiBrotli } from "../../shared/core/compiled/openapi.js";

/** The API's description, made when the project is compiled (`local/openapi/document.ts`). */
export function openApi(): { openapi: string } {
  return JSON.parse(brotliDecompressSync(Buffer.from(openApiBrotli, "base64")).toString("utf8"));
}
