/** A person with a browser, and what they do on the page. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { inject } from "vitest";

export function launch(): Promise<Browser> {
  return chromium.launch(inject("chromium"));
}

export interface Visit {
  readonly page: Page;
  /** What the browser asked for, other than pages of the site, and what it complained about. Both should stay empty. */
  readonly strange: string[];
  end(): Promise<void>;
}

/** Opens a browser window of its own. */
export async function visit(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  // Below that of a test, so that the step which waits in vain is the one that is told.
  page.setDefaultTimeout(10_000);
  const strange: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/connect/`) && !url.startsWith("data:")) strange.push(`asked for ${url}`);
  });
  page.on("pageerror", (error) => strange.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // The browser itself remarks on pages that are not 200.
    if (!message.text().startsWith("Failed to load resource: the server responded with a status of 4"))
      strange.push(`console: ${message.text()}`);
  });
  return { page, strange, end: () => context.close() };
}

/** Types a key pair into the place of a feed, 1 for the first. */
export async function enter(page: Page, place: number, apiKey: string, apiSecret: string): Promise<void> {
  await page.fill(`#key-${place}`, apiKey);
  await page.fill(`#secret-${place}`, apiSecret);
}

/** Sends the form and waits for the page that follows. */
export async function submit(page: Page): Promise<void> {
  await Promise.all([
    page.waitForNavigation(),
    page.getByRole("button", { name: "Check and connect" }).click(),
  ]);
}
