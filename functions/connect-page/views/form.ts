import type { OpenLink } from "../connect-link.ts";
import { fieldNames } from "../form-fields.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page-context.ts";
import { feedTitles } from "./feed-title.ts";
import { keyPair } from "./key-pair.ts";
import type { View } from "./page.ts";
import { problemSummary } from "./problem-summary.ts";
import { time } from "./time.ts";
import { whereToFind } from "./where-to-find.ts";

const LOCK = html`<svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true"><path d="M6 8V6a4 4 0 0 1 8 0v2h1a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zm2 0h4V6a2 2 0 0 0-4 0z"/></svg>`;

/** Asks for the key pair of each feed that has none through this link yet. */
export function form(link: OpenLink, context: PageContext): View {
  const { brand, language, messages } = context;
  const said = messages.form;
  const titles = feedTitles(link.feeds, messages);
  const title = said.title(unbroken(brand.name));
  const where = whereToFind(link.feeds, titles, context);
  // Who has been here before looks for what to fix, and finds the way again if it is needed.
  const hasProblems = link.problems.length > 0;
  return {
    title: hasProblems ? said.problemTitle(title) : title,
    body: html`${hasProblems && problemSummary(link, titles, messages)}
<h1 class="plain">${title}</h1>
<p class="lead">${said.lead(brand.name)}</p>
<p class="privacy">${LOCK}<span>${said.privacy(brand.name)}</span></p>
${hasProblems ? html`<details class="where">${where}</details>` : html`<details class="where" open>${where}</details>`}
<form method="post" action="?lang=${language}" autocomplete="off" novalidate>
<h2>${said.keysTitle}</h2>
${link.feeds.map((feed) => {
  const name = titles.get(feed.feedId) ?? feed.feedId;
  if (feed.isStored) return stored(name, said.stored);
  const problems = link.problems.filter(({ feedId }) => feedId === feed.feedId).map(({ problem }) => problem);
  return keyPair({ feed, title: name, names: fieldNames(feed), problems }, messages);
})}
<button class="submit" type="submit" data-checking="${said.checking}">${said.submit}</button>
<p class="visually-hidden" role="status" data-status></p>
<p class="small">${said.whatSubmitDoes}</p>
<p class="small">${said.validUntil(time(link.expiresAtMs, language))}</p>
</form>`,
  };
}

/** A name that is not torn apart at the end of a line. */
function unbroken(name: string): string {
  return name.length <= 24 ? name.replaceAll(" ", "\u00a0") : name;
}

function stored(title: string, state: string): Html {
  return html`<div class="card done"><h3>${title}</h3> <span class="state">${state}</span></div>`;
}
