/**
 * The paths of the Events API. Partner feeds have a host of their own, custom feeds one per pod; the stand-in serves
 * both from one address and tells them apart by path.
 *
 * @see https://docs.mparticle.com/developers/apis/http/
 * @see https://docs.mparticle.com/developers/partners/inbound-integrations/
 */

/** `partner`: issued for a listed partner integration. `custom`: any other server-to-server feed. */
export type FeedKind = "partner" | "custom";

export interface Endpoint {
  readonly path: string;
  /** Only keys of feeds of this kind are accepted. */
  readonly feedKind: FeedKind;
  /** The body is an array of batches rather than one batch. */
  readonly bulk: boolean;
  readonly historical: boolean;
}

const PREFIXES = { partner: "/s2s/v2", custom: "/v2" } as const;

const endpoints = new Map<string, Endpoint>(
  (["partner", "custom"] as const).flatMap((feedKind) =>
    [
      { path: `${PREFIXES[feedKind]}/events`, feedKind, bulk: false, historical: false },
      { path: `${PREFIXES[feedKind]}/bulkevents`, feedKind, bulk: true, historical: false },
      { path: `${PREFIXES[feedKind]}/bulkevents/historical`, feedKind, bulk: true, historical: true },
    ].map((endpoint) => [endpoint.path, endpoint]),
  ),
);

/** The endpoint at exactly this path; undefined: mParticle has nothing there. */
export function endpointAt(path: string): Endpoint | undefined {
  return endpoints.get(path);
}
