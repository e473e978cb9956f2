import type { AskedFeed } from "../connect-link.ts";
import { Html, html } from "../html.ts";
import type { PageContext } from "../page-context.ts";

/** The way through mParticle's screens to the key pairs that are asked for: the inside of a `details` element. */
export function whereToFind(
  feeds: readonly AskedFeed[],
  titles: ReadonlyMap<string, string>,
  { brand, messages }: PageContext,
): Html {
  const said = messages.form.where;
  const wanted = feeds.filter(({ isStored }) => !isStored);
  const steps = [
    wanted.some(({ kind }) => kind === "partner") && said.directory(brand.name),
    wanted.some(({ kind }) => kind === "custom") && said.customFeed,
    platformStep(wanted, titles, said),
    said.copy,
  ].filter((step) => step instanceof Html);
  return html`<summary><h2>${messages.form.whereTitle}</h2></summary>
<ol class="steps">${steps.map((step) => html`<li><span>${step}</span></li>`)}</ol>
<p class="small">${said.already} ${said.notPlatformKeys}</p>`;
}

function platformStep(
  feeds: readonly AskedFeed[],
  titles: ReadonlyMap<string, string>,
  said: PageContext["messages"]["form"]["where"],
): Html | undefined {
  const names = feeds
    .filter(({ platforms }) => platforms.length > 0)
    .map(({ feedId }) => titles.get(feedId) ?? feedId);
  if (names.length === 0) return undefined;
  return feeds.length === 1 ? said.onePlatform(names.join()) : said.manyPlatforms(names.join(", "));
}
