import type { AskedFeed, KeyProblem } from "../connect-link.ts";
import type { FieldNames } from "../form-fields.ts";
import { type Html, html } from "../html.ts";
import type { Messages } from "../messages.ts";

export interface KeyPairProps {
  readonly feed: AskedFeed;
  readonly title: string;
  readonly names: FieldNames;
  readonly problems: readonly KeyProblem[];
}

/** The two fields of one feed. They are always empty: what was typed in is never sent back. */
export function keyPair({ feed, title, names, problems }: KeyPairProps, messages: Messages): Html {
  const hintId = `${names.key}-hint`;
  const problemId = (problem: KeyProblem) => `${names.key}-${problem}`;
  const describe = (own: "key_" | "secret_") => {
    const meant = problems.filter((problem) => concerns(problem, own));
    return {
      describedBy: [hintId, ...meant.map(problemId)].join(" "),
      isInvalid: meant.some((problem) => !OF_NO_FIELD.has(problem)) ? "true" : "false",
    } as const;
  };
  return html`<fieldset class="card ${problems.length > 0 ? "wrong" : ""}">
<legend><h3>${title}</h3></legend>
<p class="hint" id="${hintId}">${hint(feed, title, messages)}</p>
${problems.map((problem) => html`<p class="problem" id="${problemId(problem)}">${messages.problems[problem]}</p>`)}
${problems.includes("refused") && html`<ul class="advice">${messages.refusedAdvice.map((advice) => html`<li>${advice}</li>`)}</ul>`}
${input({ name: names.key, label: messages.key, type: "text", ...describe("key_") })}
${input({ name: names.secret, label: messages.secret, type: "password", ...describe("secret_") }, reveal(names.secret, title, messages))}
</fieldset>`;
}

/** Nothing is known against what was typed in. */
const OF_NO_FIELD: ReadonlySet<KeyProblem> = new Set(["not_checked", "not_stored"]);

interface InputProps {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "password";
  /** Ids of what the field is described by. */
  readonly describedBy: string;
  readonly isInvalid: "true" | "false";
}

function input({ name, label, type, describedBy, isInvalid }: InputProps, beside?: Html): Html {
  return html`<div class="field">
<label for="${name}">${label}</label>
<div class="control"><input id="${name}" name="${name}" type="${type}" aria-describedby="${describedBy}" aria-invalid="${isInvalid}" required autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" data-1p-ignore data-lpignore="true">${beside}</div>
</div>`;
}

/** Appears with the script, which alone can make it work. */
function reveal(name: string, title: string, messages: Messages): Html {
  return html`<button class="reveal" type="button" hidden data-reveals="${name}" data-hide="${messages.hideSecret}" aria-controls="${name}"><span>${messages.showSecret}</span><span class="visually-hidden"> ${messages.secretOf(title)}</span></button>`;
}

/** Problems of one field are named after it; any other is about both. */
function concerns(problem: KeyProblem, own: "key_" | "secret_"): boolean {
  return problem.startsWith(own) || !/^(?:key|secret)_/.test(problem);
}

function hint(
  { kind, platforms }: AskedFeed,
  title: string,
  { form: { feedHints }, platforms: names }: Messages,
): string {
  if (kind === "custom") return feedHints.custom;
  const [platform] = platforms;
  if (platform === undefined) return feedHints.unbound;
  return platforms.length === 1 ? feedHints.actAs(names[platform]) : feedHints.several(title);
}
