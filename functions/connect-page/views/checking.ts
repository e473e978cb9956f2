import { html } from "../html.ts";
import type { PageContext } from "../page-context.ts";
import type { View } from "./page.ts";

/** Somebody's submission is being checked: this page looks again by itself. */
export function checking({ messages: { checking: said } }: PageContext): View {
  return {
    title: said.title,
    reloadAfterSeconds: 3,
    body: html`<h1 class="plain">${said.title}</h1>
<p class="lead" role="status">${said.lead}</p>
<p><a href="?">${said.reload}</a></p>`,
  };
}
