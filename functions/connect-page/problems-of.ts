import type { Credentials } from "../../shared/core/tenant.schema.ts";
import type { ProblemError } from "../../shared/onboarding/problem.ts";
import { isKeyProblem, type KeyProblem } from "./connect-link.ts";

const PREFIXES: Readonly<Record<keyof Credentials, string>> = { apiKey: "key", apiSecret: "secret" };

/** Why keys were not stored, as the page tells it. */
export function problemsOf({ code, extras }: ProblemError): readonly KeyProblem[] {
  switch (code) {
    case "credentials_malformed":
      return (extras.errors ?? []).map(({ pointer, code: error }) => {
        const field = `${PREFIXES[pointer?.slice(1) as keyof Credentials]}_${error}`;
        return [error, field].find(isKeyProblem) ?? "refused";
      });
    case "credentials_refused":
      return ["refused"];
    case "key_in_use":
      return ["in_use"];
    case "unavailable":
      return ["not_checked"];
    default:
      // Somebody else is storing keys of the feed, or it was deleted meanwhile.
      return ["not_stored"];
  }
}
