import type { PageRequest } from "./http.ts";

/**
 * Whether a form was sent by a page of another site.
 *
 * No cookie goes with a request, so what protects a link is that nobody else knows its token; this comes on top. Browsers say by
 * `Sec-Fetch-Site` where a request comes from. Those that do not may say so by `Origin`, but our own pages, which hide their address,
 * give it as `null`: that proves nothing. What is no browser says neither.
 */
export function isFromAnotherSite({ headers }: Pick<PageRequest, "headers">): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const origin = headers["origin"];
  if (origin === undefined || origin === "null") return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers["host"];
}
