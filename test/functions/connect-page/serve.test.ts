import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { NOW_MS } from "../../support/builders.ts";
import { askedFeed, LINK_IDS, tokenFor } from "../../support/fake-page-links.ts";
import { FORM, pageWorld } from "./page-world.ts";

const TOKEN = tokenFor("link");
const KEYS = { "key-1": "us1-the-key", "secret-1": "the-secret" };

describe("reading a link", () => {
  it("shows the form, as often as anybody looks, without using the link", async () => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    const pages = [
      await send(TOKEN),
      await send(TOKEN, { method: "HEAD" }),
      await send(TOKEN, { query: "utm_source=mail" }),
    ];

    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(pages.map(({ text }) => text.includes("<form"))).toEqual([true, false, true]);
    expect(await links.find(TOKEN)).toMatchObject({ state: "open" });
  });

  it.each([
    [
      "used long ago",
      { state: "used", usedAtMs: NOW_MS - 3_600_000, feeds: [askedFeed()] },
      410,
      "This link has done its job",
    ],
    [
      "used just now",
      { state: "used", usedAtMs: NOW_MS - 60_000, feeds: [askedFeed()] },
      200,
      "You’re connected",
    ],
    ["expired", { state: "expired" }, 410, "This link has expired"],
    ["revoked", { state: "revoked" }, 410, "This link was withdrawn"],
    ["unknown", { state: "unknown" }, 404, "This link does not work"],
  ] as const)("tells of a link that is %s", async (_, link, status, title) => {
    const { links, send } = pageWorld();
    links.end(TOKEN, link);

    const page = await send(TOKEN);

    expect(page.status).toBe(status);
    expect(page.text).toContain(`>${title}</h1>`);
    expect(page.text).not.toContain("<form");
  });

  it("tells nothing of the feeds of a link that was used long ago", async () => {
    const { links, send } = pageWorld();
    links.end(TOKEN, {
      state: "used",
      usedAtMs: NOW_MS - 3_600_000,
      feeds: [askedFeed({ feedId: "ios-shop" })],
    });

    expect((await send(TOKEN)).text).not.toMatch(/ios/i);
  });

  it("escapes what is configured", async () => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    const { text } = await send(TOKEN);

    expect(text).toContain("Acme &lt;Mail&gt;");
    expect(text).not.toContain("<Mail>");
  });

  it.each([
    ["the browser's wish", "", "fr, de-AT;q=0.8, en;q=0.5", undefined, "de"],
    ["the link's language before the browser's", "", "en", "de", "de"],
    ["the visitor's choice before all", "lang=en", "de", "de", "en"],
    ["English where nothing is known", "lang=xx", "fr, *", "nl", "en"],
    ["what is not refused", "", "de;q=0, en;q=0.1", undefined, "en"],
  ])("speaks %s", async (_, query, accepted, language, expected) => {
    const { links, send } = pageWorld();
    links.open(TOKEN, [askedFeed()], language);

    const { text } = await send(TOKEN, { query, headers: { "accept-language": accepted } });

    expect(text).toContain(`<html lang="${expected}">`);
  });
});

describe("headers", () => {
  it("let the browser run this style and this script and nothing else", async () => {
    const { send } = pageWorld();

    const { headers, text } = await send(TOKEN);

    const hash = (element: string) => {
      const inside = new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1] ?? "";
      expect(inside.length).toBeGreaterThan(100);
      return `'sha256-${createHash("sha256").update(inside).digest("base64")}'`;
    };
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src ${hash("style")}; script-src ${hash("script")}; img-src data:; form-action 'self'; ` +
        "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
    );
  });

  it.each(["GET", "HEAD", "POST", "PUT"])("are the same for every answer, to %s too", async (method) => {
    const { send } = pageWorld();

    const { headers } = await send(TOKEN, { method });

    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "content-type": "text/html; charset=utf-8",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "strict-transport-security": "max-age=63072000",
    });
  });
});

describe("submitting keys", () => {
  it("stores them, uses the link up, and sends the browser to the page that says so", async () => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    const answer = await send(TOKEN, { method: "POST", form: KEYS });

    expect(answer).toMatchObject({ status: 303, text: "" });
    expect(answer.headers["location"]).toBe("?");
    expect(links.stored).toEqual(new Map([["default", { apiKey: "us1-the-key", apiSecret: "the-secret" }]]));
    expect((await send(TOKEN)).text).toContain("You’re connected");
  });

  it("keeps the language that was chosen, and takes no other text into the address", async () => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    const chosen = await send(TOKEN, { method: "POST", query: "lang=de", form: KEYS });
    const invented = await send(TOKEN, { method: "POST", query: "lang=%0d%0aset-cookie:x", form: KEYS });

    expect([chosen.headers["location"], invented.headers["location"]]).toEqual(["?lang=de", "?lang=en"]);
  });

  it("leaves out white space around a value, and nothing inside of it", async () => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    await send(TOKEN, { method: "POST", form: { "key-1": " us1-key\n", "secret-1": "\u00a0a+b&c=d e \t" } });

    expect(links.stored.get("default")).toEqual({ apiKey: "us1-key", apiSecret: "a+b&c=d e" });
  });

  it("says what to fix, once, and echoes nothing", async () => {
    const { links, send, log } = pageWorld(() => "refused");
    links.open(TOKEN);

    const answer = await send(TOKEN, { method: "POST", form: KEYS });
    const page = await send(TOKEN);

    expect(answer).toMatchObject({ status: 303, headers: { location: "?" } });
    expect(page.status).toBe(200);
    expect(page.text).toContain("mParticle does not accept this key and secret.");
    expect(page.text).toContain("<title>Problem: ");
    expect(JSON.stringify([answer, page, log.lines])).not.toMatch(/us1-the-key|the-secret/);
  });

  it("stores what works of several pairs and asks for the others again", async () => {
    const { links, send } = pageWorld(({ apiKey }) => (apiKey === "wrong" ? "refused" : undefined));
    links.open(TOKEN, [askedFeed({ feedId: "a" }), askedFeed({ feedId: "b", platforms: ["web"] })]);

    await send(TOKEN, { method: "POST", form: { ...KEYS, "key-2": "wrong", "secret-2": "x" } });
    const half = await send(TOKEN);
    // From another tab, which still shows both.
    await send(TOKEN, {
      method: "POST",
      form: { "key-1": "other", "secret-1": "x", "key-2": "right", "secret-2": "y" },
    });

    expect(half.text).toContain("iOS: all right, and stored.");
    expect(half.text).not.toContain('name="key-1"');
    expect(half.text).toContain('name="key-2"');
    expect([...links.stored.values()]).toEqual([
      { apiKey: "us1-the-key", apiSecret: "the-secret" },
      { apiKey: "right", apiSecret: "y" },
    ]);
    expect(await links.find(TOKEN)).toMatchObject({ state: "used" });
  });

  it("stores neither of two pairs with one key", async () => {
    const { links, send } = pageWorld();
    links.open(TOKEN, [askedFeed({ feedId: "a" }), askedFeed({ feedId: "b", platforms: ["web"] })]);

    await send(TOKEN, { method: "POST", form: { ...KEYS, "key-2": "us1-the-key", "secret-2": "x" } });

    expect(links.stored.size).toBe(0);
    expect((await send(TOKEN)).text).toContain("The same key was entered twice.");
  });

  it("takes one of two that are sent at once, and shows both the same end", async () => {
    const checked = Promise.withResolvers<undefined>();
    const { links, send } = pageWorld(() => checked.promise);
    links.open(TOKEN);

    const first = send(TOKEN, { method: "POST", form: KEYS });
    const second = await send(TOKEN, { method: "POST", form: { "key-1": "other", "secret-1": "x" } });
    const meanwhile = await send(TOKEN);
    checked.resolve(undefined);

    expect((await first).status).toBe(303);
    expect(second.status).toBe(303);
    expect(meanwhile.text).toContain("Checking your keys");
    expect(links.stored.get("default")?.apiKey).toBe("us1-the-key");
    expect((await send(TOKEN)).text).toContain("You’re connected");
  });

  it("keeps a link open and says so when storing fails, without telling why", async () => {
    const { links, send, log } = pageWorld(() => Promise.reject(new TypeError("the-secret")));
    links.open(TOKEN);

    await send(TOKEN, { method: "POST", form: KEYS });

    expect((await send(TOKEN)).text).toContain("These could not be stored just now.");
    expect(log.lines).toEqual([
      {
        level: "error",
        message: "Keys could not be stored",
        fields: {
          requestId: "request-1",
          ...LINK_IDS,
          feedId: "default",
          error: "TypeError",
          stack: expect.stringContaining("serve.test.ts"),
        },
      },
      {
        level: "info",
        message: "Keys submitted",
        fields: {
          requestId: "request-1",
          ...LINK_IDS,
          stored: [],
          problems: [{ feedId: "default", problem: "not_stored" }],
        },
      },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain("the-secret");
  });

  it("counts each pair that a fault of ours kept from being stored, and none that was refused", async () => {
    const { links, send, failures } = pageWorld((_, feedId) => {
      if (feedId === "web") return "refused";
      if (feedId === "tv") return undefined;
      throw new Error("no answer");
    });
    const asked = ["ios", "android", "web", "tv"].map((feedId) => askedFeed({ feedId }));
    links.open(TOKEN, asked);
    const form = asked.flatMap((_, i) => [
      [`key-${i + 1}`, `us1-key-${i}`],
      [`secret-${i + 1}`, `secret-${i}`],
    ]);

    const answer = await send(TOKEN, { method: "POST", form: Object.fromEntries(form) });

    expect(answer.status).toBe(303);
    expect(failures).toEqual([2]);
  });

  it("is answered alike for links that have ended", async () => {
    const { links, send } = pageWorld();
    links.end(TOKEN, { state: "expired" });

    const answers = [
      await send(TOKEN, { method: "POST", form: KEYS }),
      await send("nonsense", { method: "POST", form: KEYS }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(links.stored.size).toBe(0);
  });
});

describe("what is no form of the page's", () => {
  it.each([
    ["of another type", 415, { headers: { "content-type": "application/json" }, form: '{"key-1":"a"}' }],
    ["of another character set", 415, { headers: { "content-type": `${FORM}; charset=latin1` }, form: KEYS }],
    ["without a type", 415, { headers: { "content-type": "" }, form: KEYS }],
    ["compressed", 415, { headers: { "content-encoding": "gzip" }, form: KEYS }],
    ["too large", 413, { form: `key-1=${"a".repeat(70_000)}` }],
    ["with a field twice", 400, { form: "key-1=a&key-1=b&secret-1=c" }],
    ["with a field that is not asked for", 400, { form: { ...KEYS, "key-2": "x" } }],
    ["with a field of another object's", 400, { form: { ...KEYS, __proto__x: "x" } }],
    ["with half a percent sign", 400, { form: "key-1=%4&secret-1=c" }],
    ["with bytes that are not UTF-8", 400, { form: "key-1=%ff&secret-1=c" }],
    ["with raw bytes", 400, { form: "key-1=\u00e4&secret-1=c" }],
  ])("is not read %s", async (_, status, sent) => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    const answer = await send(TOKEN, { method: "POST", ...sent });

    expect(answer.status).toBe(status);
    expect(answer.text).toContain("That could not be read");
    expect(links.stored.size).toBe(0);
    expect(await links.find(TOKEN)).toMatchObject({ state: "open", isBusy: false });
  });

  it("takes a missing field for an empty one", async () => {
    const { links, send } = pageWorld(({ apiSecret }) => (apiSecret === "" ? "secret_empty" : undefined));
    links.open(TOKEN);

    await send(TOKEN, { method: "POST", form: { "key-1": "a" } });

    expect((await send(TOKEN)).text).toContain("Enter the API secret.");
  });

  it.each([
    ["another site's page", 403, { "sec-fetch-site": "cross-site" }],
    ["another host of the same site", 403, { "sec-fetch-site": "same-site" }],
    ["another origin, in an old browser", 403, { origin: "https://evil.example" }],
    ["the page itself", 303, { "sec-fetch-site": "same-origin", origin: "null" }],
    ["the page itself, in an old browser", 303, { origin: "null" }],
    ["a reload", 303, { "sec-fetch-site": "none" }],
    ["its own origin", 303, { origin: "https://connect.example.com" }],
    ["no browser", 303, {}],
  ])("from %s is answered with %i", async (_, status, headers: Record<string, string>) => {
    const { links, send } = pageWorld();
    links.open(TOKEN);

    const answer = await send(TOKEN, { method: "POST", form: KEYS, headers });

    expect(answer.status).toBe(status);
    expect(links.stored.size).toBe(status === 303 ? 1 : 0);
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])(
    "by %s is told the methods that there are",
    async (method) => {
      const { send } = pageWorld();

      const answer = await send(TOKEN, { method });

      expect(answer.status).toBe(405);
      expect(answer.headers["allow"]).toBe("GET, HEAD, POST");
    },
  );

  it("is answered kindly when the store does not", async () => {
    const { links, send, failures, log } = pageWorld();
    links.find = (_, onLink) => {
      onLink?.(LINK_IDS);
      return Promise.reject(new Error(TOKEN));
    };

    const answer = await send(TOKEN);

    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("60");
    expect(failures).toEqual([1]);
    expect(log.lines).toEqual([
      {
        level: "error",
        message: "The connect page failed",
        fields: {
          requestId: "request-1",
          ...LINK_IDS,
          error: "Error",
          stack: expect.stringContaining("serve.test.ts"),
        },
      },
    ]);
    expect(answer.text + JSON.stringify(log.lines)).not.toContain(TOKEN);
  });

  it("is a failure of nobody's when it is refused, or its link has ended", async () => {
    const { send, failures } = pageWorld();

    await send(TOKEN);
    await send(TOKEN, { method: "PUT" });
    await send(TOKEN, { method: "POST", form: KEYS });

    expect(failures).toEqual([0, 0, 0]);
  });
});
