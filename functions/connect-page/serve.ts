import type { Clock, Log } from "../../shared/ports.ts";
import type { Brand } from "./brand.schema.ts";
import type { ConnectLink } from "./connect-link.ts";
import { html } from "./html.ts";
import type { PageAnswer, PageRequest } from "./http.ts";
import { isFromAnotherSite } from "./is-from-another-site.ts";
import { chooseLanguage, type Language, type Messages, messagesIn } from "./messages.ts";
import type { PageAssets } from "./page-assets.ts";
import type { PageContext } from "./page-context.ts";
import type { PageLinks } from "./ports.ts";
import { readForm } from "./read-form.ts";
import { RequestLog } from "./request-log.ts";
import { submitKeys } from "./submit-keys.ts";
import { checking } from "./views/checking.ts";
import { connected } from "./views/connected.ts";
import { ended } from "./views/ended.ts";
import { form } from "./views/form.ts";
import { notice } from "./views/notice.ts";
import { page, type View } from "./views/page.ts";

export interface PageDeps {
  readonly links: PageLinks;
  readonly brand: Brand;
  readonly assets: PageAssets;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
}

/** How long a link that was used shows what came of it. After that it is like any other link that has ended. */
const SHOW_SUCCESS_MS = 15 * 60_000;

const METHODS = ["GET", "HEAD", "POST"];

/** Answers every request below `/connect/`. Reading changes nothing; a form that was sent is answered by sending to the page itself. */
export async function serve(request: PageRequest, deps: PageDeps): Promise<PageAnswer> {
  const log = new RequestLog(deps.log, request.visitor.requestId);
  try {
    if (!METHODS.includes(request.method))
      return { ...refuse(405, "method", request, deps), headers: { allow: METHODS.join(", ") } };
    return request.method === "POST" ? await submit(request, deps, log) : await show(request, deps, log);
  } catch (error) {
    log.failed("The connect page failed", error);
    return { ...refuse(503, "unavailable", request, deps), headers: { "retry-after": "60" } };
  }
}

async function show(request: PageRequest, deps: PageDeps, log: RequestLog): Promise<PageAnswer> {
  const link = await deps.links.find(tokenOf(request), (ids) => log.about(ids));
  const context = contextFor(request, deps, link.language);
  const { status, view } = viewOf(link, context, deps.clock.nowMs());
  return { status, body: page(view, deps.assets, context) };
}

async function submit(request: PageRequest, deps: PageDeps, log: RequestLog): Promise<PageAnswer> {
  if (isFromAnotherSite(request)) return refuse(403, "crossSite", request, deps);
  const fields = readForm(request);
  if (typeof fields === "number") return refuse(fields, "form", request, deps);
  const { isRead, failures } = await submitKeys(
    { token: tokenOf(request), form: fields, visitor: request.visitor },
    { links: deps.links, log },
  );
  if (!isRead) return refuse(400, "form", request, deps);
  // The browser forgets what it sent, and going back or reloading sends nothing again.
  const language = request.query.get("lang");
  return {
    status: 303,
    headers: { location: language === null ? "?" : `?lang=${chooseLanguage(language)}` },
    body: html``,
    failures,
  };
}

function viewOf(link: ConnectLink, context: PageContext, nowMs: number): { status: number; view: View } {
  if (link.state === "open")
    return { status: 200, view: link.isBusy ? checking(context) : form(link, context) };
  if (link.state === "used" && nowMs - link.usedAtMs < SHOW_SUCCESS_MS)
    return { status: 200, view: connected(link.feeds, context) };
  return { status: link.state === "unknown" ? 404 : 410, view: ended(link, context) };
}

function refuse(
  status: number,
  reason: keyof Messages["refusals"],
  request: PageRequest,
  deps: PageDeps,
): PageAnswer {
  const context = contextFor(request, deps);
  const { title, lead } = context.messages.refusals[reason];
  return { status, body: page(notice(title, [lead]), deps.assets, context) };
}

function contextFor(
  { query, headers }: PageRequest,
  { brand }: PageDeps,
  linkLanguage?: string,
): PageContext {
  const language: Language = chooseLanguage(
    query.get("lang") ?? undefined,
    linkLanguage,
    headers["accept-language"],
  );
  return { brand, language, messages: messagesIn(language) };
}

/** What follows `/connect/`, which the name of a stage may precede: whatever it is, it is a token or nothing. */
function tokenOf({ path }: PageRequest): string {
  return /\/connect\/([^/]*)$/.exec(path)?.[1] ?? "";
}
