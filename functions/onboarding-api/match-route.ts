import type { Method } from "../../shared/api/route.ts";
import { OPERATION_IDS, type OperationId, routeOf } from "../../shared/api/routes.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";

export interface RouteMatch {
  readonly operationId: OperationId;
  /** Not checked yet. */
  readonly params: Readonly<Record<string, string>>;
}

const TEMPLATES = OPERATION_IDS.map((operationId) => {
  const { method, path } = routeOf(operationId);
  return { operationId, method, steps: path.split("/") };
});

/**
 * The route of a request.
 *
 * @param path - As API Gateway hands it over, which has decoded it. It is not decoded again, and nothing in it is resolved: an id
 *   is what stands between two slashes.
 * @throws {ProblemError} for a path that no route has, and for a method that the path does not have.
 */
export function matchRoute(method: string, path: string): RouteMatch {
  const given = path.split("/");
  const matches = TEMPLATES.flatMap(({ steps, ...route }) => {
    const params = paramsOf(steps, given);
    return params ? [{ ...route, params }] : [];
  });
  // A fixed step wins over a parameter, as it does in API Gateway.
  const fewest = Math.min(...matches.map(({ params }) => Object.keys(params).length));
  const closest = matches.filter(({ params }) => Object.keys(params).length === fewest);
  const match = closest.find((route) => route.method === method);
  if (match) return match;
  if (closest.length === 0) throw new ProblemError("not_found", "No route has this path.");
  const allowed: Method[] = closest.map((route) => route.method);
  throw new ProblemError("method_not_allowed", `This path has ${allowed.join(", ")}.`, {
    headers: { allow: allowed.join(", ") },
  });
}

function paramsOf(steps: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (steps.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, step] of steps.entries()) {
    const value = given[i] ?? "";
    if (step.startsWith("{") && value !== "") params[step.slice(1, -1)] = value;
    else if (step !== value) return undefined;
  }
  return params;
}
