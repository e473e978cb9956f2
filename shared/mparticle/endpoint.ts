import { ConfigError } from "../core/config-error.ts";
import type { Route } from "../core/route.ts";
import type { Credentials, Feed, Pod } from "../core/tenant.schema.ts";

/** Where partner feeds are received, whatever the customer's pod: mParticle routes by the credentials. */
export const PARTNER_URL = "https://inbound.mparticle.com/s2s/v2";

/** @see https://docs.mparticle.com/developers/guides/data-hosting-locations/ */
const POD_URLS: Readonly<Record<Pod, string>> = {
  us1: "https://s2s.mparticle.com/v2",
  us2: "https://s2s.us2.mparticle.com/v2",
  eu1: "https://s2s.eu1.mparticle.com/v2",
  au1: "https://s2s.au1.mparticle.com/v2",
};

const ALLOWED_URLS: readonly string[] = [
  PARTNER_URL,
  ...Object.values(POD_URLS),
  "https://s2s.us1.mparticle.com/v2",
];

const PATHS: Readonly<Record<Route, string>> = { live: "/bulkevents", historical: "/bulkevents/historical" };

/**
 * Refuses a partner URL that customers' keys must not be sent to: anything but an mParticle base URL over https.
 * Loopback over http is for the stage `local` alone, where the stand-in answers.
 *
 * @throws {ConfigError}
 */
export function assertPartnerUrl(url: string, stage: string): URL {
  if (ALLOWED_URLS.includes(url)) return new URL(url);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const loopback =
    parsed?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(parsed.hostname);
  const plain = parsed && !parsed.username && !parsed.password && !parsed.search && !parsed.hash;
  if (parsed && plain && loopback && stage === "local") return parsed;
  throw new ConfigError(
    "PARTNER_URL",
    `must be ${PARTNER_URL} or another mParticle base URL over https${stage === "local" ? ", or http on loopback" : ""}`,
  );
}

/**
 * Base URL that takes a feed's requests.
 *
 * @param partnerUrl - Checked by {@link assertPartnerUrl}. On loopback it stands in for every mParticle host.
 */
export function feedUrl(feed: Pick<Feed, "kind" | "pod">, route: Route, partnerUrl: URL): URL {
  if (feed.kind === "partner") return new URL(partnerUrl.href.replace(/\/$/, "") + PATHS[route]);
  const base = partnerUrl.protocol === "https:" ? POD_URLS[feed.pod] : `${partnerUrl.origin}/v2`;
  return new URL(base + PATHS[route]);
}

/** HTTP Basic: the feed's key is the user, its secret the password. */
export function authorization({ apiKey, apiSecret }: Credentials): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`, "utf8").toString("base64")}`;
}
