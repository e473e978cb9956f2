import type { OpenLink } from "../connect-link.ts";
import { fieldNames } from "../form-fields.ts";
import { type Html, html } from "../html.ts";
import type { Messages } from "../messages.ts";

/** What to fix, each a link to its field. Takes the focus when the page opens, with or without our script. */
export function problemSummary(
  { feeds, problems }: OpenLink,
  titles: ReadonlyMap<string, string>,
  messages: Messages,
): Html {
  const said = messages.problems;
  const stored = feeds.filter(({ isStored }) => isStored).map(({ feedId }) => titles.get(feedId));
  return html`<div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="summary-title">
<h2 id="summary-title">${said.title}</h2>
${stored.length > 0 && html`<p>${said.storedMeanwhile(stored.join(", "))}</p>`}
<ul>
${problems.map(({ feedId, problem }) => {
  const feed = feeds.find((asked) => asked.feedId === feedId);
  if (!feed) return undefined;
  const { key, secret } = fieldNames(feed);
  const field = problem.startsWith("secret_") ? secret : key;
  return html`<li><a href="#${field}">${titles.get(feedId)}: ${said[problem]}</a></li>`;
})}
</ul>
<p>${said.fieldsAreEmpty}</p>
</div>`;
}
