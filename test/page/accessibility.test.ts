import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems } from "./support/axe.ts";
import { type PageSite, startPageSite, THREE_FEEDS } from "./support/page-site.ts";
import { enter, launch, submit, visit } from "./support/visitor.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Every state of the page, and how to get there. */
const STATES: Readonly<Record<string, (page: Page, site: PageSite) => Promise<unknown>>> = {
  "the form": (page, site) => page.goto(site.open(THREE_FEEDS)),
  "the form with problems": async (page, site) => {
    await page.goto(site.open(THREE_FEEDS));
    await enter(page, 1, "us1-right", "s");
    await enter(page, 2, "wrong", "s");
    await enter(page, 3, "", "s");
    await submit(page);
    await page.getByRole("heading", { name: "Something needs your attention" }).waitFor();
  },
  "the way to the keys closed, a secret shown": async (page, site) => {
    await page.goto(site.open());
    await page.locator("summary").click();
    await page.getByRole("button", { name: "Show API secret of iOS" }).click();
  },
  "a link whose keys are being checked": async (page, site) => {
    const url = site.open();
    await site.reserve(url);
    await page.goto(url);
    await page.getByRole("heading", { name: "Checking your keys" }).waitFor();
  },
  "a link just used": (page, site) => page.goto(site.ended.connected),
  "a used link": (page, site) => page.goto(site.ended.used),
  "an expired link": (page, site) => page.goto(site.ended.expired),
  "a revoked link": (page, site) => page.goto(site.ended.revoked),
  "an unknown link": (page, site) => page.goto(site.ended.unknown),
  German: (page, site) => page.goto(`${site.open(THREE_FEEDS)}?lang=de`),
};

/** The default, and those that leave least room: bright, dark, and without any. */
const COLOURS = ["#1f5fbf", "#ffd400", "#ffffff", "#000000"];

describe.each(COLOURS)("in the colour %s", (colour) => {
  let site: PageSite;
  beforeAll(async () => {
    site = await startPageSite({ colour });
  });
  afterAll(() => site.close());

  describe.each(["light", "dark"] as const)("and the %s scheme", (colorScheme) => {
    // The form with problems has everything that is coloured.
    const states = Object.entries(STATES).filter(
      ([state]) => colour === COLOURS[0] || state === "the form with problems",
    );

    it.each(states)("%s has no accessibility problem", async (_, arrive) => {
      const { page, strange, end } = await visit(browser, site.origin, { colorScheme });

      await arrive(page, site);

      expect(await accessibilityProblems(page)).toEqual([]);
      expect(strange).toEqual([]);
      await end();
    });
  });
});

describe("on the narrowest screens", () => {
  let site: PageSite;
  beforeAll(async () => {
    site = await startPageSite({ name: "Bundesverkehrsinfrastrukturunternehmen" });
  });
  afterAll(() => site.close());

  it.each(Object.entries(STATES))("%s is read without scrolling sideways", async (_, arrive) => {
    const { page, end } = await visit(browser, site.origin, { viewport: { width: 320, height: 640 } });

    await arrive(page, site);

    const widths = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = (
        globalThis as unknown as {
          document: { documentElement: { scrollWidth: number; clientWidth: number } };
        }
      ).document.documentElement;
      return { scrollWidth, clientWidth };
    });
    expect(widths).toEqual({ scrollWidth: 320, clientWidth: 320 });
    await end();
  });
});
