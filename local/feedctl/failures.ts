import { CommanderError } from "commander";
import type { FieldError, Problem } from "../../shared/api/problem.schema.ts";
import { OnboardingError } from "../../shared/client/onboarding-client.ts";
import { UsageError } from "../start/usage-error.ts";
import { AccessError, ForeignAnswerError, InterruptedError, UnreachableError } from "./api/errors.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { printable } from "./terminal/printable.ts";

export interface Failure {
  /** One line for standard error. */
  readonly line: string;
  readonly code: ExitCode;
}

/** What a person is told of an error, and what a script. Undefined: it is a fault of feedctl's own. */
export function failureOf(error: unknown, requestId: string | undefined): Failure | undefined {
  if (error instanceof OnboardingError)
    return { line: printable(lineOf(error, requestId)), code: codeOf(error.status) };
  if (error instanceof CommanderError)
    return { line: `${withoutValues(error)}; see --help`, code: EXIT.usage };
  if (error instanceof Error) {
    const code = codeOfOwn(error);
    if (code !== undefined) return { line: printable(error.message), code };
  }
  return undefined;
}

function codeOfOwn(error: Error): ExitCode | undefined {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof AccessError) return EXIT.notAllowed;
  if (error instanceof ForeignAnswerError) return EXIT.failed;
  if (error instanceof UnreachableError) return EXIT.unreachable;
  return error instanceof InterruptedError ? EXIT.interrupted : undefined;
}

function codeOf(status: number): ExitCode {
  switch (status) {
    case 401:
    case 403:
      return EXIT.notAllowed;
    case 404:
      return EXIT.notFound;
    case 409:
    case 412:
      return EXIT.conflict;
    default:
      return EXIT.failed;
  }
}

function lineOf({ status, problem, message }: OnboardingError, requestId = problem?.instance): string {
  const id = requestId === undefined ? "" : ` (request ${requestId})`;
  if (!problem) return `${gatewaySays(status) ?? message}${id}`;
  // What the test of the keys said follows in lines of its own.
  if (problem.verification) return `${problem.title}: nothing was stored${id}`;
  return `${problem.errors?.length ? fieldsOf(problem.errors) : problem.detail}${id}`;
}

/** What API Gateway means where it says no more than a status. */
function gatewaySays(status: number): string | undefined {
  if (status === 401) return "The API does not know who calls: is the token valid, and meant for this API?";
  if (status === 403)
    return "The API does not let this caller in: are profile, region and address the right ones?";
  if (status === 404) return "There is no such path: is the address that of the onboarding API?";
  return undefined;
}

function fieldsOf(errors: readonly FieldError[]): string {
  return errors.map(({ message, ...place }) => `${nameOf(place)} ${message}`).join("; ");
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

/** commander quotes what was typed, which may be a key that somebody took for an argument: what looks like no word is left out. */
function withoutValues({ code, message }: CommanderError): string {
  const line = message
    .replaceAll("\n", " ")
    .replace(/^error: /, "")
    .replace(/=.*'/s, "'");
  if (code === "commander.excessArguments") return line.replace(/(got \d+).*$/s, "$1");
  return UNKNOWN.test(line) && !UNKNOWN_WORD.test(line) ? line.replace(/^(unknown \w+).*$/s, "$1") : line;
}

/** What the API tells of the keys that it did not accept. */
export function verificationIn(error: unknown): Problem["verification"] {
  return error instanceof OnboardingError ? error.problem?.verification : undefined;
}
