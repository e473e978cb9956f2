import { describe, expect, it } from "vitest";
import { BrandSchema } from "../../../functions/connect-page/brand.schema.ts";
import {
  type AskedFeed,
  type FeedProblem,
  KEY_PROBLEMS,
} from "../../../functions/connect-page/connect-link.ts";
import { LANGUAGE_NAMES, type Language, messagesIn } from "../../../functions/connect-page/messages.ts";
import { pageAssets } from "../../../functions/connect-page/page-assets.ts";
import { securityHeaders } from "../../../functions/connect-page/security-headers.ts";
import { form } from "../../../functions/connect-page/views/form.ts";
import { page } from "../../../functions/connect-page/views/page.ts";
import { NOW_MS } from "../../support/builders.ts";
import { askedFeed } from "../../support/fake-page-links.ts";

const brand = BrandSchema.parse({ name: "Acme" });

function formFor(
  feeds: readonly AskedFeed[],
  { problems = [], language = "en" }: { problems?: readonly FeedProblem[]; language?: Language } = {},
) {
  const placed = feeds.map((feed, i) => ({ ...feed, place: i + 1 }));
  const link = { state: "open", feeds: placed, problems, isBusy: false, expiresAtMs: NOW_MS } as const;
  return form(link, { brand, language, messages: messagesIn(language) }).body.text;
}

/** The texts between tags of a kind. */
const texts = (markup: string, element: string) =>
  [...markup.matchAll(new RegExp(`<${element}(?: [^>]*)?>(.*?)</${element}>`, "gs"))].map(([, inside = ""]) =>
    inside.replaceAll(/<[^>]*>/g, ""),
  );
const hints = (markup: string) => [...markup.matchAll(/class="hint"[^>]*>([^<]*)/g)].map(([, hint]) => hint);

describe("the form", () => {
  it.each([
    ["one feed of a platform", [askedFeed()], ["iOS"], ["Key and secret of the feed that acts as iOS"]],
    [
      "a feed of several platforms",
      [askedFeed({ platforms: ["smart_tv", "fire_tv"] })],
      ["Smart TV, Fire TV"],
      ["Key and secret of the feed for Smart TV, Fire TV"],
    ],
    [
      "a feed without a platform",
      [askedFeed({ platforms: [] })],
      ["All platforms"],
      ["Key and secret of the feed without an act-as platform"],
    ],
    [
      "a custom feed",
      [askedFeed({ kind: "custom", platforms: [] })],
      ["All platforms"],
      ["Key and secret of the custom feed"],
    ],
    [
      "feeds whose platforms are alike",
      [askedFeed({ feedId: "shop" }), askedFeed({ feedId: "club" })],
      ["iOS (shop)", "iOS (club)"],
      Array(2).fill("Key and secret of the feed that acts as iOS"),
    ],
  ])("names %s", (_, feeds, titles, expected) => {
    const markup = formFor(feeds);

    expect(texts(markup, "h3")).toEqual(titles);
    expect(hints(markup)).toEqual(expected);
  });

  it.each([
    [
      "one platform",
      [askedFeed()],
      [/Directory.*Acme.*feed/, /^Choose iOS as its act-as platform/, /key and secret/],
    ],
    [
      "two platforms",
      [askedFeed(), askedFeed({ feedId: "w", platforms: ["web"] })],
      [/Directory/, /\(iOS, Web\).*act-as/, /key and secret/],
    ],
    [
      "what is not stored yet",
      [askedFeed({ isStored: true }), askedFeed({ feedId: "w", platforms: ["web"] })],
      [/Directory/, /^Choose Web/, /key and secret/],
    ],
    ["no platform", [askedFeed({ platforms: [] })], [/Directory/, /key and secret/]],
    [
      "several platforms in one",
      [askedFeed({ platforms: ["smart_tv", "fire_tv"] })],
      [/Directory/, /key and secret/],
    ],
    [
      "a custom feed",
      [askedFeed({ kind: "custom", platforms: [] })],
      [/Setup.*Inputs.*Feeds.*custom feed/, /key and secret/],
    ],
  ])("says where to find the keys of %s", (_, feeds, steps) => {
    const found = texts(formFor(feeds), "li");

    expect(found).toEqual(steps.map((step) => expect.stringMatching(step)));
  });

  it.each(Object.keys(LANGUAGE_NAMES) as Language[])(
    "has a sentence for every problem, in %s",
    (language) => {
      for (const problem of KEY_PROBLEMS) {
        const markup = formFor([askedFeed()], { language, problems: [{ feedId: "default", problem }] });
        const [sentence] = texts(markup, "p").filter(
          (text) => text === messagesIn(language).problems[problem],
        );

        expect(sentence).toMatch(/\.$/);
        expect(texts(markup, "a")[0]).toBe(`iOS: ${sentence}`);
      }
    },
  );
});

describe("the partner's logo", () => {
  const assets = pageAssets(brand);
  const context = { language: "en", messages: messagesIn("en") } as const;
  const markup = (over: object) =>
    page(
      {
        title: "T",
        body: form(
          { state: "open", feeds: [], problems: [], isBusy: false, expiresAtMs: NOW_MS },
          { ...context, brand },
        ).body,
      },
      assets,
      {
        ...context,
        brand: BrandSchema.parse({ name: "Acme", ...over }),
      },
    ).text;
  const logo = "https://acme.example/logo.svg?v=2";

  it("stands beside the name, or for it", () => {
    expect(markup({ logo })).toContain('src="https://acme.example/logo.svg?v=2" alt="">Acme</span>');
    expect(markup({ logo, logoShowsName: true })).toContain('alt="Acme"></span>');
    expect(markup({})).toContain('<span class="brand">Acme</span>');
  });

  it("is the only thing that may be loaded, and only where it is elsewhere", () => {
    const policyFor = (over: object) =>
      securityHeaders(BrandSchema.parse({ name: "Acme", ...over }), assets)["content-security-policy"];

    expect(policyFor({ logo })).toContain("; img-src data: https://acme.example/logo.svg; ");
    expect(policyFor({ logo: "data:image/png;base64,AAAA" })).toContain("; img-src data:; ");
  });
});
