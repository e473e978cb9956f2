import { UsageError } from "../../start/usage-error.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The API's address. Over http only on this machine: everybody on the way could read keys and token.
 *
 * @param source - Where it was said, for the message.
 * @throws {UsageError} Never quoting the address, which may hold a password.
 */
export function apiUrl(text: string, source: string): string {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new UsageError(
      `${source} must be an address such as https://abc123.execute-api.eu-west-1.amazonaws.com`,
    );
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new UsageError(`${source} must have neither user, query nor fragment`);
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname))
    throw new UsageError(
      `${source} must be https: credentials are sent in the clear only to this machine itself`,
    );
  // The client's paths begin with /v1 themselves; addresses are often shown with it.
  return url.href.replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** The region that an address of API Gateway's own names. */
export function regionIn(url: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(new URL(url).hostname)?.[1];
}
