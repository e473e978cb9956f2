import { type Html, html } from "../html.ts";
import { LANGUAGE_NAMES, type Language } from "../messages.ts";
import type { PageAssets } from "../page-assets.ts";
import type { PageContext } from "../page-context.ts";

export interface View {
  /** Of the window; the partner's name is added. */
  readonly title: string;
  readonly body: Html;
}

/** A whole page: what all views have around them. */
export function page({ title, body }: View, assets: PageAssets, context: PageContext): Html {
  const { brand, language } = context;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>${title} · ${brand.name}</title>
<link rel="icon" href="data:image/png;base64,">
<style>${assets.style}</style>
</head>
<body>
<header class="masthead"><div class="column">${masthead(context)}</div></header>
<main class="column">
${body}
</main>
<footer class="column footer">${footer(context)}</footer>
<script>${assets.script}</script>
</body>
</html>
`;
}

function masthead({ brand: { name, logo, logoShowsName } }: PageContext): Html {
  if (logo === undefined) return html`<span class="brand">${name}</span>`;
  if (logoShowsName) return html`<span class="brand"><img class="logo" src="${logo}" alt="${name}"></span>`;
  return html`<span class="brand"><img class="logo" src="${logo}" alt="">${name}</span>`;
}

function footer({ brand, language, messages }: PageContext): Html {
  const choice = Object.entries(LANGUAGE_NAMES) as [Language, string][];
  return html`
<nav aria-label="${messages.languages}"><ul class="languages">
${choice.map(
  ([code, name]) =>
    html`<li>${
      code === language
        ? html`<span aria-current="true">${name}</span>`
        : html`<a href="?lang=${code}" lang="${code}" hreflang="${code}">${name}</a>`
    }</li>`,
)}
</ul></nav>
${brand.helpUrl !== undefined && html`<a href="${brand.helpUrl}" rel="noreferrer">${messages.help(brand.name)}</a>`}
`;
}
