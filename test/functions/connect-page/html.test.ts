import { describe, expect, it } from "vitest";
import { html, trustedText } from "../../../functions/connect-page/html.ts";

const EVIL = `"'><script>alert(1)</script>&amp;`;
const ESCAPED = "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;";

describe("html", () => {
  it("escapes text and attributes alike", () => {
    expect(html`<p title="${EVIL}">${EVIL}</p>`.text).toBe(`<p title="${ESCAPED}">${ESCAPED}</p>`);
  });

  it("takes other templates as they are, lists joined, and nothing for what is not there", () => {
    const items = ["<a>", "b"].map((text) => html`<li>${text}</li>`);

    expect(html`<ul>${items}</ul>${undefined}${false}${0}`.text).toBe(
      "<ul><li>&lt;a&gt;</li><li>b</li></ul>0",
    );
  });

  it("knows the place after a value that came before", () => {
    const made = html`<a href="${"?a"}" title="x ${'"'} y">${"<"}</a><style>${trustedText("a > b { }")}</style>${"<"}`;

    expect(made.text).toBe('<a href="?a" title="x &quot; y">&lt;</a><style>a > b { }</style>&lt;');
  });

  it.each([
    "#keys",
    "?lang=de",
    "https://example.com/",
    "mailto:a@example.com",
    "data:image/png;base64,AAAA",
  ])("links to %s", (url) => {
    expect(html`<a href="${url}"></a>`.text).toBe(`<a href="${url}"></a>`);
  });

  it.each([
    "javascript:alert(1)",
    " javascript:alert(1)",
    "//example.com",
    "http://example.com",
    "data:text/html,x",
    "/x",
  ])("refuses a link to %s", (url) => {
    expect(() => html`<a href="${url}"></a>`).toThrow(TypeError);
    expect(() => html`<img alt="" src="${url}">`).toThrow(TypeError);
  });

  it("takes a part of an address for what it is", () => {
    expect(html`<a href="?lang=${'javascript:"'}"></a>`.text).toBe('<a href="?lang=javascript:&quot;"></a>');
  });

  it.each([
    ["an attribute without quotes", () => html`<p title=${"x"}></p>`],
    ["an attribute in single quotes", () => html`<p title='${"x"}'></p>`],
    ["an attribute's name", () => html`<p ${"x"}></p>`],
    ["a tag's name", () => html`<${"p"}></p>`],
    ["an event handler", () => html`<p onclick="${"x"}"></p>`],
    ["a style attribute", () => html`<p style="${"x"}"></p>`],
    ["a comment", () => html`<!-- ${"x"} -->`],
    ["a script", () => html`<script>${"x"}</script>`],
    ["a style", () => html`<style>${"x"}</style>`],
    ["markup in an attribute", () => html`<p title="${html`x`}"></p>`],
  ])("refuses a value in %s", (_, make) => {
    expect(make).toThrow(TypeError);
  });

  it("refuses trusted text that would end its element", () => {
    expect(() => trustedText("a</style>")).toThrow(TypeError);
  });
});
