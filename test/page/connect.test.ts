import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { askedFeed } from "../support/fake-page-links.ts";
import { judge, type PageSite, startPageSite, THREE_FEEDS } from "./support/page-site.ts";
import { enter, launch, submit, visit } from "./support/visitor.ts";

const SECRET = "s3cr3t-that-is-nowhere";

let browser: Browser;
let site: PageSite;
/** Pairs are judged when this is fulfilled. */
let mayJudge: Promise<unknown> = Promise.resolve();
beforeAll(async () => {
  [browser, site] = await Promise.all([
    launch(),
    startPageSite({}, async (...pair) => {
      await mayJudge;
      return judge(...pair);
    }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

afterEach(() => {
  mayJudge = Promise.resolve();
});

/** A window; at the end nothing strange has happened in it. */
async function inWindow(options: BrowserContextOptions, act: (page: Page) => Promise<void>): Promise<void> {
  const { page, strange, end } = await visit(browser, site.origin, options);
  await act(page);
  expect(strange).toEqual([]);
  await end();
}

describe.each([
  ["with the script", true],
  ["without JavaScript", false],
])("%s", (_, javaScriptEnabled) => {
  it("a customer enters the keys and sees that they work", () =>
    inWindow({ javaScriptEnabled }, async (page) => {
      const url = site.open(THREE_FEEDS);
      await page.goto(url);
      expect(await page.title()).toBe("Connect Acme\u00a0Mail to mParticle · Acme Mail");

      await enter(page, 1, "us1-a", SECRET);
      await enter(page, 2, "us1-b", SECRET);
      await enter(page, 3, "us1-c", SECRET);
      await submit(page);

      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");
      expect(await page.getByRole("main").getByRole("listitem").allTextContents()).toEqual([
        "iOS Connected",
        "Android Connected",
        "Web, Out of band Connected",
      ]);
      expect(page.url()).toBe(`${url}?lang=en`);
      // The form does not come back, and nothing is sent again.
      await page.goBack();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");
      await page.reload();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");
    }));

  it("wrong keys are told, each at its field, and the rest is stored", () =>
    inWindow({ javaScriptEnabled }, async (page) => {
      await page.goto(site.open(THREE_FEEDS));
      await enter(page, 1, "us1-a", SECRET);
      await enter(page, 2, "wrong-key", SECRET);
      await enter(page, 3, "us1-c", "");

      await submit(page);

      expect(await page.title()).toBe("Problem: Connect Acme\u00a0Mail to mParticle · Acme Mail");
      expect(await page.locator(":focus").getAttribute("aria-labelledby")).toBe("summary-title");
      expect(await page.locator(".summary li").allTextContents()).toEqual([
        "Android: mParticle does not accept this key and secret.",
        "Web, Out of band: Enter the API secret.",
      ]);
      expect(await page.locator("#key-1").count()).toBe(0);
      expect(await page.getByText("Checked and stored").count()).toBe(1);
      expect(await descriptionOf(page, "#key-2")).toBe(
        "Key and secret of the feed that acts as Android mParticle does not accept this key and secret.",
      );
      expect(await descriptionOf(page, "#key-3")).not.toContain("Enter");
      expect(await descriptionOf(page, "#secret-3")).toContain("Enter the API secret.");
      expect(
        await page
          .locator("input")
          .evaluateAll((inputs) => inputs.map((input) => input.getAttribute("aria-invalid"))),
      ).toEqual(["true", "true", "false", "true"]);
      expect(await page.content()).not.toMatch(/us1-[ac]|wrong-key|s3cr3t/);
      expect(await page.locator("#key-2").inputValue()).toBe("");

      await page.getByRole("link", { name: "Web, Out of band: Enter the API secret." }).click();
      expect(await page.locator(":focus").getAttribute("id")).toBe("secret-3");

      await enter(page, 2, "us1-b", SECRET);
      await enter(page, 3, "us1-c", SECRET);
      await submit(page);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");
    }));

  it.each([
    ["used", 410, "This link has done its job", "ask Acme Mail for a new link"],
    ["expired", 410, "This link has expired", "Ask Acme Mail for a new one"],
    ["revoked", 410, "This link was withdrawn", "Ask Acme Mail for a new one"],
    ["unknown", 404, "This link does not work", "ask Acme Mail for a new one"],
  ] as const)("a link that is %s says what to do", (state, status, title, advice) =>
    inWindow({ javaScriptEnabled }, async (page) => {
      const response = await page.goto(site.ended[state]);

      expect(response?.status()).toBe(status);
      expect(await page.getByRole("heading").allTextContents()).toEqual([title]);
      expect(await page.getByRole("main").textContent()).toContain(advice);
      expect(await page.locator("form").count()).toBe(0);
      expect(await page.getByRole("link", { name: "Ask Acme Mail for help" }).getAttribute("href")).toBe(
        "mailto:help@acme-mail.example",
      );
    }),
  );

  it("two windows come to one end", () =>
    inWindow({ javaScriptEnabled }, async (page) => {
      const url = site.open();
      await page.goto(url);
      await inWindow({ javaScriptEnabled }, async (other) => {
        await other.goto(url);
        await enter(other, 1, "us1-first", SECRET);
        await submit(other);
      });

      await enter(page, 1, "us1-second", SECRET);
      await submit(page);

      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");
      expect(site.links.stored.get("default")?.apiKey).toBe("us1-first");
    }));

  it("the page is in the visitor's language, and in another when asked for", () =>
    inWindow({ javaScriptEnabled, locale: "de-AT" }, async (page) => {
      await page.goto(site.open());
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "Acme\u00a0Mail mit mParticle verbinden",
      );

      await page.getByRole("link", { name: "English" }).click();
      await enter(page, 1, "swapped", SECRET);
      await submit(page);

      expect(await page.getAttribute("html", "lang")).toBe("en");
      expect(await page.locator(".summary li").textContent()).toContain("Key and secret seem to be swapped.");
    }));

  it("the secret is masked, and neither field is offered or completed by the browser", () =>
    inWindow({ javaScriptEnabled }, async (page) => {
      await page.goto(site.open());

      const attributes = await page
        .locator("input")
        .evaluateAll((inputs) =>
          inputs.map((input) =>
            ["type", "autocomplete", "spellcheck", "autocapitalize"].map((name) => input.getAttribute(name)),
          ),
        );

      expect(attributes).toEqual([
        ["text", "off", "false", "none"],
        ["password", "off", "false", "none"],
      ]);
      expect(await page.getByRole("button", { name: "Show API secret of iOS" }).count()).toBe(
        javaScriptEnabled ? 1 : 0,
      );
    }));
});

describe("conveniences of the script", () => {
  it("a secret is shown and hidden again, and masked before it is sent", () =>
    inWindow({}, async (page) => {
      await page.goto(site.open());
      await enter(page, 1, "us1-a", SECRET);
      const types: (string | null)[] = [];
      const note = async () => types.push(await page.locator("#secret-1").getAttribute("type"));

      await page.getByRole("button", { name: "Show API secret of iOS" }).click();
      await note();
      await page.getByRole("button", { name: "Hide API secret of iOS" }).click();
      await note();
      await page.getByRole("button", { name: "Show API secret of iOS" }).click();
      const evaluate = await evaluator(page);
      const held = Promise.withResolvers<void>();
      mayJudge = held.promise;
      await page.getByRole("button", { name: "Check and connect" }).click({ noWaitAfter: true });
      types.push(await evaluate("document.getElementById('secret-1').type"));
      held.resolve();
      await page.getByRole("heading", { name: "You’re connected" }).waitFor();

      expect(types).toEqual(["text", "password", "password"]);
    }));

  it("a double click sends once, and the button says that it works", () =>
    inWindow({ reducedMotion: "reduce" }, async (page) => {
      let posts = 0;
      page.on("request", (request) => {
        if (request.method() === "POST") posts++;
      });
      const evaluate = await evaluator(page);
      const held = Promise.withResolvers<void>();
      mayJudge = held.promise;
      await page.goto(site.open());
      await enter(page, 1, "us1-a", SECRET);

      await page.getByRole("button", { name: "Check and connect" }).dblclick({ noWaitAfter: true });

      const state = await evaluate(
        `[
          ...["textContent", "ariaDisabled"].map((name) => document.querySelector(".submit")[name]),
          document.querySelector("[data-status]").textContent,
          getComputedStyle(document.querySelector(".submit"), "::before").animationName,
        ].join("; ")`,
      );
      held.resolve();
      await page.getByRole("heading", { name: "You’re connected" }).waitFor();
      expect(state).toBe("Checking with mParticle …; true; Checking with mParticle …; none");
      expect(posts).toBe(1);
    }));

  it("a second window waits while keys are checked, and goes on by itself", () =>
    inWindow({}, async (page) => {
      const url = site.open();
      const reservation = await site.reserve(url);
      await page.goto(url);
      await page.getByRole("heading", { name: "Checking your keys" }).waitFor();

      await reservation?.end({ stored: ["default"], problems: [] });

      await page.getByRole("heading", { name: "You’re connected" }).waitFor();
    }));

  it("times are the visitor's own", () =>
    inWindow({ locale: "en-US", timezoneId: "America/New_York" }, async (page) => {
      await page.goto(site.open());

      expect(await page.locator("time").textContent()).toMatch(/^March 4, 2026 at 7:00\sAM$/);
    }));
});

it("keys are entered with the keyboard alone", () =>
  inWindow({}, async (page) => {
    await page.goto(site.open([askedFeed({ feedId: "a" }), askedFeed({ feedId: "b", platforms: ["web"] })]));
    const stops: (string | null)[] = [];
    const tab = async (text = "") => {
      await page.keyboard.press("Tab");
      stops.push(await page.locator(":focus").evaluate((element) => element.id || element.textContent));
      await page.keyboard.type(text);
    };

    await tab();
    await page.keyboard.press("Enter");
    await tab("us1-a");
    await tab(SECRET);
    await tab();
    await tab("wrong");
    await tab(SECRET);
    await tab();
    await tab();
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    await page.locator(".summary:focus").waitFor();
    await tab();
    await Promise.all([page.waitForURL(/#key-2$/), page.keyboard.press("Enter")]);
    await page.keyboard.type("us1-b");
    await tab(SECRET);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);

    expect(stops).toEqual([
      "Where to find them",
      "key-1",
      "secret-1",
      "Show API secret of iOS",
      "key-2",
      "secret-2",
      "Show API secret of Web",
      "Check and connect",
      "Web: mParticle does not accept this key and secret.",
      "secret-2",
    ]);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You’re connected");
  }));

it("nothing of the keys stays in the browser", () =>
  inWindow({}, async (page) => {
    await page.goto(site.open());
    await enter(page, 1, "wrong-key", SECRET);
    await submit(page);
    await enter(page, 1, "us1-right-key", SECRET);
    await submit(page);

    const context = page.context();
    const session = await context.newCDPSession(page);
    const { entries } = (await session.send("Page.getNavigationHistory")) as { entries: { url: string }[] };
    const state = JSON.stringify([entries, await context.storageState(), await page.content()]);
    expect(entries.length).toBeGreaterThan(2);
    expect(state).not.toMatch(/wrong-key|right-key|s3cr3t/);
    expect(await context.cookies()).toEqual([]);
  }));

describe("another site", () => {
  let evil: { url: string; html: string; close(): void };
  beforeAll(async () => {
    const state = { html: "" };
    const server = createServer((_, response) =>
      response.setHeader("content-type", "text/html").end(state.html),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    evil = Object.assign(state, {
      // Another site to the browser than 127.0.0.1 is.
      url: `http://localhost:${(server.address() as AddressInfo).port}/`,
      close: () => server.close(),
    });
  });
  afterAll(() => evil.close());

  it("cannot send the form", async () => {
    const url = site.open();
    evil.html = `<form method="post" action="${url}"><input name="key-1" value="us1-evil"><input name="secret-1" value="x"><button>`;
    const { page, end } = await visit(browser, site.origin);
    await page.goto(evil.url);

    const [answer] = await Promise.all([page.waitForResponse(url), page.click("button")]);

    expect(answer.status()).toBe(403);
    await page.getByRole("heading", { name: "That came from another site" }).waitFor();
    await page.goto(url);
    expect(await page.locator("form").count()).toBe(1);
    await end();
  });

  it("cannot put the page into a frame, and learns no address that it was left by", async () => {
    const url = site.open();
    evil.html = `<iframe src="${url}"></iframe>`;
    const { page, strange, end } = await visit(browser, site.origin);
    await page.goto(evil.url);
    await page.waitForLoadState("load");

    const framed = page.frames()[1];

    expect(await framed?.locator("form").count()).toBe(0);
    expect(strange.some((line) => line.includes("frame-ancestors"))).toBe(true);
    await page.goto(url);
    const referrer = page.waitForRequest(evil.url);
    await page.evaluate((to) => {
      (globalThis as unknown as { location: { href: string } }).location.href = to;
    }, evil.url);
    expect((await referrer).headers()["referer"]).toBeUndefined();
    await end();
  });
});

/** Evaluates while the answer to a form is awaited, when Playwright itself would wait too. To be made before. */
async function evaluator(page: Page): Promise<(expression: string) => Promise<string>> {
  const session = await page.context().newCDPSession(page);
  return async (expression) => (await session.send("Runtime.evaluate", { expression })).result.value;
}

/** What a screen reader says of a field beside its label. */
async function descriptionOf(page: Page, selector: string): Promise<string> {
  const ids = (await page.locator(selector).getAttribute("aria-describedby")) ?? "";
  const texts = await Promise.all(ids.split(" ").map((id) => page.locator(`[id="${id}"]`).textContent()));
  return texts.join(" ");
}
