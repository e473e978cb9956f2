/** What went wrong, for people and for scripts. */
import { STATUS_CODES } from "node:http";
import { CommanderError } from "commander";
import type { Problem } from "../../shared/api/problem.schema.ts";
import { OnboardingError } from "../../shared/client/onboarding-client.ts";
import { UsageError } from "../start/usage-error.ts";
import { AccessError, ForeignAnswerError, InterruptedError, UnreachableError } from "./api/errors.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { gatewaySays, lineOfApi, lineOfUsage } from "./failure-lines.ts";
import { printable } from "./terminal/printable.ts";

export interface Failure {
  readonly code: ExitCode;
  /** One line for standard error. */
  readonly line: string;
  readonly document: FailureDocument;
}

/** What `--json` prints in place of the line: the API's own problem document where there is one, and one like it elsewhere. */
export interface FailureDocument extends Partial<Omit<Problem, "code">> {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
  readonly exitCode: ExitCode;
  /** What was to be said beside an answer, such as how to go on. */
  readonly notes?: readonly string[];
}

/** What a person is told of an error, and what a script. Undefined: it is a fault of feedctl's own. */
export function failureOf(error: unknown, requestId: string | undefined): Failure | undefined {
  if (error instanceof OnboardingError) return failureOfApi(error, requestId);
  if (error instanceof CommanderError) return ownFailure("usage", lineOfUsage(error));
  const kind = error instanceof Error ? kindOf(error) : undefined;
  return kind && ownFailure(kind, (error as Error).message);
}

function failureOfApi(error: OnboardingError, requestId = error.problem?.instance): Failure {
  const { status, problem, message, retryAfterSeconds } = error;
  const code = codeOf(status, problem);
  const title = STATUS_CODES[status] ?? `Status ${status}`;
  const foreign = { type: "about:blank", title, status, detail: gatewaySays(status) ?? message };
  return {
    code,
    line: printable(lineOfApi(error, requestId)),
    document: {
      ...(problem ?? foreign),
      ...(requestId !== undefined && { requestId }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      exitCode: code,
    },
  };
}

/** Failures that are told by feedctl, not by the API. */
const OWN = {
  usage: [EXIT.usage, "Wrong usage, or input that cannot be read"],
  no_access: [EXIT.notAllowed, "There is nothing to prove with who calls"],
  not_the_api: [EXIT.failed, "The answer is not one of the onboarding API"],
  output_lost: [EXIT.failed, "The answer could not be written"],
  unreachable: [EXIT.unreachable, "No answer came"],
  interrupted: [EXIT.interrupted, "Interrupted"],
} as const satisfies Record<string, readonly [ExitCode, string]>;

function kindOf(error: Error): keyof typeof OWN | undefined {
  if (error instanceof UsageError) return "usage";
  if (error instanceof AccessError) return "no_access";
  if (error instanceof ForeignAnswerError) return "not_the_api";
  if (error instanceof UnreachableError) return "unreachable";
  return error instanceof InterruptedError ? "interrupted" : undefined;
}

export function ownFailure(kind: keyof typeof OWN, detail: string): Failure {
  const [exitCode, title] = OWN[kind];
  const type = `urn:partner-feed-connector:feedctl:${kind}`;
  return { code: exitCode, line: printable(detail), document: { type, code: kind, title, detail, exitCode } };
}

function codeOf(status: number, problem: Problem | undefined): ExitCode {
  switch (status) {
    case 401:
    case 403:
      return EXIT.notAllowed;
    case 404:
      // What stands at a wrong address knows nothing of tenants, feeds or links.
      return problem ? EXIT.notFound : EXIT.failed;
    case 409:
    case 412:
      return EXIT.conflict;
    case 429:
    case 502:
    case 503:
    case 504:
      return EXIT.notNow;
    default:
      return EXIT.failed;
  }
}
