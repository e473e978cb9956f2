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

/** A feed acts as one platform: where events of several come by one feed, the partner has to say which. */
function platformStep(
  feeds: readonly AskedFeed[],
  titles: ReadonlyMap<string, string>,
  said: PageContext["messages"]["form"]["where"],
): Html | undefined {
  const acting = feeds.filter(({ platforms }) => platforms.length > 0);
  const names = acting.map(({ feedId }) => titles.get(feedId) ?? feedId).join(", ");
  if (feeds.length > 1) return acting.length > 0 ? said.manyPlatforms(names) : undefined;
  return acting[0]?.platforms.length === 1 ? said.onePlatform(names) : undefined;
}
