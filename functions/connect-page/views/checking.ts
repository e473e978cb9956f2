import { html } from "../html.ts";
import type { PageContext } from "../page-context.ts";
import type { View } from "./page.ts";

/** Somebody's submission is being checked: with the script, the page looks again by itself. */
export function checking({ language, messages: { checking: said } }: PageContext): View {
  return {
    title: said.title,
    body: html`<h1 class="plain">${said.title}</h1>
<p class="lead" role="status">${said.lead}</p>
<p><a href="?lang=${language}" data-follow-after-ms="3000">${said.reload}</a></p>`,
  };
}
