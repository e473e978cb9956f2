import { type Html, html } from "../html.ts";
import type { View } from "./page.ts";

/** A page that has something to say and asks for nothing. */
export function notice(title: string, paragraphs: readonly (Html | string)[], isSuccess = false): View {
  return {
    title,
    body: html`<h1 class="${isSuccess ? "success" : "plain"}">${title}</h1>
${paragraphs.map((text, i) => html`<p class="${i === 0 ? "lead" : "text"}">${text}</p>`)}`,
  };
}
