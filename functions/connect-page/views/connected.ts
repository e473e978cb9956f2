import type { AskedFeed } from "../connect-link.ts";
import { html } from "../html.ts";
import type { PageContext } from "../page-context.ts";
import { feedTitles } from "./feed-title.ts";
import type { View } from "./page.ts";

/** All keys that were asked for are stored. */
export function connected(feeds: readonly AskedFeed[], { brand, messages }: PageContext): View {
  const said = messages.connected;
  return {
    title: said.title,
    body: html`<h1 class="success">${said.title}</h1>
<p class="lead">${said.lead}</p>
<ul class="card feeds">
${[...feedTitles(feeds, messages).values()].map(
  (title) => html`<li><b>${title}</b> <span class="state">${said.feedIsConnected}</span></li>`,
)}
</ul>
<p>${said.next(brand.name)}</p>
<p class="small">${said.check}</p>`,
  };
}
