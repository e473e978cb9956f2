/** The connect page on loopback, with links in memory: its real handler behind the gateway that a local run has. */
import { BrandSchema } from "../../../functions/connect-page/brand.schema.ts";
import type { ConnectLink } from "../../../functions/connect-page/connect-link.ts";
import { createHandler } from "../../../functions/connect-page/create-handler.ts";
import { pageAssets } from "../../../functions/connect-page/page-assets.ts";
import { startGateway } from "../../../local/onboarding/gateway.ts";
import { NOW_MS } from "../../support/builders.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { askedFeed, FakePageLinks, type Judge, tokenFor } from "../../support/fake-page-links.ts";

export const THREE_FEEDS = [
  askedFeed({ feedId: "ios" }),
  askedFeed({ feedId: "android", platforms: ["Android"] }),
  askedFeed({ feedId: "web", platforms: ["web", "out_of_band"] }),
];

/** Pairs are judged by the beginning of their key. */
export const judge: Judge = async ({ apiKey, apiSecret }) => {
  if (apiKey === "") return "key_empty";
  if (apiSecret === "") return "secret_empty";
  if (apiKey.startsWith("swapped")) return "swapped";
  if (apiKey.startsWith("wrong")) return "refused";
  if (apiKey.startsWith("down")) return "not_checked";
  return undefined;
};

export interface PageSite {
  readonly origin: string;
  readonly links: FakePageLinks;
  /** A new link's address. */
  open(feeds?: readonly ReturnType<typeof askedFeed>[]): string;
  /** Has a link's keys checked, until the reservation ends. */
  reserve(url: string): ReturnType<FakePageLinks["reserve"]>;
  /** Addresses of links that cannot be used, by why. */
  readonly ended: Readonly<Record<"connected" | "used" | "expired" | "revoked" | "unknown", string>>;
  close(): Promise<void>;
}

export async function startPageSite(brandOver: object = {}, judgeBy: Judge = judge): Promise<PageSite> {
  const links = new FakePageLinks(judgeBy);
  const brand = BrandSchema.parse({
    name: "Acme Mail",
    logo: `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" rx="9"/></svg>')}`,
    helpUrl: "mailto:help@acme-mail.example",
    ...brandOver,
  });
  const deps = {
    links,
    brand,
    assets: pageAssets(brand),
    clock: { nowMs: () => NOW_MS },
    log: capturedLog(),
  };
  const page = createHandler(deps, () => {});
  const gateway = await startGateway({ api: async () => ({ statusCode: 404 }), page, token: "none" });
  const addressOf = (token: string) => `${gateway.url}/connect/${token}`;
  const endings: Record<keyof PageSite["ended"], ConnectLink> = {
    connected: { state: "used", usedAtMs: NOW_MS - 1_000, feeds: THREE_FEEDS },
    used: { state: "used", usedAtMs: NOW_MS - 3_600_000, feeds: THREE_FEEDS },
    expired: { state: "expired" },
    revoked: { state: "revoked" },
    unknown: { state: "unknown" },
  };
  for (const [word, link] of Object.entries(endings)) links.end(tokenFor(word), link);
  let made = 0;
  return {
    origin: gateway.url,
    links,
    open(feeds = [askedFeed()]) {
      const token = tokenFor(`link-${++made}-`);
      links.open(token, feeds);
      return addressOf(token);
    },
    reserve: (url) => links.reserve(url.slice(url.lastIndexOf("/") + 1)),
    ended: {
      connected: addressOf(tokenFor("connected")),
      used: addressOf(tokenFor("used")),
      expired: addressOf(tokenFor("expired")),
      revoked: addressOf(tokenFor("revoked")),
      unknown: addressOf(tokenFor("unknown")),
    },
    close: () => gateway.close(),
  };
}
