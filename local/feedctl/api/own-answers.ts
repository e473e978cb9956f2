import * as z from "zod";
import { OPERATION_IDS, type OperationId, routeOf } from "../../../shared/api/routes.ts";
import type { OnboardingClient } from "../../../shared/client/onboarding-client.ts";
import { notTheApi } from "./errors.ts";

type Call = (given?: unknown) => Promise<{ readonly status: number; readonly body?: unknown }>;

/**
 * The client, but that it takes no answer for the API's own that lacks what every version of it has: the fields that the contract
 * requires. More may have been added since, values too.
 */
export function ownAnswersOf(client: OnboardingClient, url: string): OnboardingClient {
  const methods = OPERATION_IDS.map((operationId) => {
    const call = client[operationId] as Call;
    const checked: Call = async (given) => {
      const answer = await call(given);
      if (!isOwn(operationId, answer)) throw notTheApi(url);
      return answer;
    };
    return [operationId, checked];
  });
  return Object.fromEntries(methods);
}

function isOwn(operationId: OperationId, { status, body }: Awaited<ReturnType<Call>>): boolean {
  const answer = routeOf(operationId).answers[status];
  if (!answer?.schema) return answer !== undefined;
  if (!(answer.schema instanceof z.ZodObject) || typeof body !== "object" || body === null) return false;
  const { shape } = answer.schema;
  return Object.keys(shape).every((name) => name in body || shape[name]?.safeParse(undefined).success);
}
