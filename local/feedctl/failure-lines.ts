/** Failures as people read them: one line, without what was typed or sent. */
import type { CommanderError } from "commander";
import type { FieldError } from "../../shared/api/problem.schema.ts";
import type { OnboardingError } from "../../shared/client/onboarding-client.ts";
import { counted } from "./show/counted.ts";

export function lineOfApi(error: OnboardingError, requestId: string | undefined): string {
  const { status, problem, message, retryAfterSeconds } = error;
  const id = requestId === undefined ? "" : ` (request ${requestId})`;
  const said = () => {
    if (!problem) return gatewaySays(status) ?? message;
    // What the test of the keys said follows in lines of its own.
    if (problem.verification) return `${problem.title}: nothing was stored`;
    if (problem.errors?.length) return fieldsOf(problem.errors);
    return problem.code === "unreadable"
      ? problem.detail.replace(SET_ANEW, "$1 Set it anew by feeds set --replace,")
      : problem.detail;
  };
  return `${sayWhen(said(), retryAfterSeconds)}${id}`;
}

/** What the API advises of a feed. Tenants cannot be set anew while they cannot be read. */
const SET_ANEW = /^(What is stored of the feed .*\.) Set it anew,/s;

/** Advice that does not know when. */
const TRY_AGAIN = /(^|[.:;]? )try again( in an? \w+)?\.$/i;

/** With the time in place of such advice. */
function sayWhen(text: string, retryAfterSeconds: number | undefined): string {
  if (retryAfterSeconds === undefined) return text;
  const said = text.replace(TRY_AGAIN, "");
  const end = /(^|[.?!])$/.test(said) ? "" : ".";
  const when = retryAfterSeconds === 0 ? "now" : `in ${counted(retryAfterSeconds, "second")}`;
  return `${said}${end} Try again ${when}.`.trimStart();
}

/** What API Gateway means where it says no more than a status. */
export function gatewaySays(status: number): string | undefined {
  if (status === 401) return "The API does not know who calls: is the token valid, and meant for this API?";
  if (status === 403)
    return "The API does not let this caller in: are profile, region and address the right ones?";
  if (status === 404) return "There is no such path: is the address that of the onboarding API?";
  if (status === 429) return "The API takes no more requests just now: try again.";
  return undefined;
}

function fieldsOf(errors: readonly FieldError[]): string {
  const told = errors.map(({ message, ...place }) =>
    isSentence(message) ? message : `${nameOf(place)} ${message}`,
  );
  return told.join(told.every(isSentence) ? " " : "; ").replaceAll("?; ", "? ");
}

/** It names the field itself, as what is said of keys does. */
function isSentence(message: string): boolean {
  return /^[A-Z].*\.$/s.test(message);
}

/** `/mapping/unmapped` is `mapping.unmapped` to feedctl. */
export function nameOf({ parameter, pointer = "" }: Pick<FieldError, "parameter" | "pointer">): string {
  if (parameter !== undefined) return parameter;
  const steps = pointer.slice(1).split("/");
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")).join(".") || "the body";
}

const UNKNOWN = /^unknown (option|command) /;

/** With what commander suggests instead. */
const UNKNOWN_WORD = /^unknown (option '--[a-z-]{1,20}'|command '[a-z-]{1,20}')( \(.*\))?$/;

/** A mistake that commander found. */
export function lineOfUsage(error: CommanderError): string {
  if (error.code === "commander.help") return "a command is missing; see --help";
  return `${withoutValues(error).replace(/\.$/, "")}; see --help`;
}

/** commander quotes what was typed, which may be a key that somebody took for an argument: what looks like no word is left out. */
function withoutValues({ code, message }: CommanderError): string {
  const line = message
    .replaceAll("\n", " ")
    .replace(/^error: /, "")
    .replace(/=.*'/s, "'");
  if (code === "commander.excessArguments") return line.replace(/(got \d+).*$/s, "$1");
  return UNKNOWN.test(line) && !UNKNOWN_WORD.test(line) ? line.replace(/^(unknown \w+).*$/s, "$1") : line;
}
