import type { Method } from "../../shared/api/route.ts";
import { OPERATION_IDS, type OperationId, routeOf } from "../../shared/api/routes.ts";
import { ProblemError } from "../../shared/onboarding/problem.ts";

export interface RouteMatch {
  readonly operationId: OperationId;
  /** Not checked yet. */
  readonly params: Readonly<Record<string, string>>;
}

export interface RoutedRequest {
  /** Of the route that API Gateway let the request in by: one of the API's, or {@link UNROUTED}. */
  readonly routeKey: string;
  readonly method: string;
  /** As API Gateway hands it over, which has decoded it. */
  readonly path: string;
}

/** The route key of what is no route of the API. */
export const UNROUTED = "$default";

const TEMPLATES = OPERATION_IDS.map((operationId) => {
  const { method, path } = routeOf(operationId);
  return { operationId, routeKey: `${method} ${path}`, method, steps: path.split("/") };
});

/**
 * The operation that API Gateway's authorizer was asked about, and no other: a path with an encoded slash reads as another
 * operation's once it is decoded. The path is not decoded again, and nothing in it is resolved: an id is what stands between two
 * slashes.
 *
 * @throws {ProblemError} for a path that no route has, or not as it was sent, and for a method that the path does not have.
 */
export function matchRoute({ routeKey, method, path }: RoutedRequest): RouteMatch {
  const given = path.split("/");
  const route = TEMPLATES.find((template) => template.routeKey === routeKey);
  if (!route) throw unrouted(method, given);
  const params = paramsOf(route.steps, given);
  if (params) return { operationId: route.operationId, params };
  throw new ProblemError("invalid_request", "An id in the path holds what separates the parts of a path.");
}

/** The route of a method and a path's parts between slashes, as API Gateway finds it. Undefined: none. */
export function routeAt(
  method: string,
  given: readonly string[],
): (RouteMatch & { readonly routeKey: string }) | undefined {
  return closestTo(given).find((route) => route.method === method);
}

/** A fixed step wins over a parameter, as it does in API Gateway. */
function closestTo(given: readonly string[]) {
  const matches = TEMPLATES.flatMap(({ steps, ...route }) => {
    const params = paramsOf(steps, given);
    return params ? [{ ...route, params }] : [];
  });
  const fewest = Math.min(...matches.map(({ params }) => Object.keys(params).length));
  return matches.filter(({ params }) => Object.keys(params).length === fewest);
}

function unrouted(method: string, given: readonly string[]): ProblemError {
  const allowed: Method[] = closestTo(given).map((route) => route.method);
  if (allowed.length === 0) return new ProblemError("not_found", "No route has this path.");
  // Only decoded does it look like one.
  if (allowed.some((each) => each === method))
    return new ProblemError("not_found", "No route has this path as it was sent.");
  return new ProblemError("method_not_allowed", `This path has ${allowed.join(", ")}.`, {
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
