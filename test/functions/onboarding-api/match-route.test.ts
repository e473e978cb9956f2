import { describe, expect, it } from "vitest";
import { matchRoute, routeAt, UNROUTED } from "../../../functions/onboarding-api/match-route.ts";
import { OPERATION_IDS, routeOf } from "../../../shared/api/routes.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";

const IDS = { tenantId: "acme", feedId: "ios", linkId: "link", version: "2" };

const pathOf = (template: string) =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => IDS[name as keyof typeof IDS] ?? "missing");

function problemOf(routeKey: string, method: string, path: string) {
  try {
    return matchRoute({ routeKey, method, path });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { code: error.code, ...error.extras.headers };
  }
}

describe.each(OPERATION_IDS)("%s", (operationId) => {
  const { method, path } = routeOf(operationId);
  const routeKey = `${method} ${path}`;

  it("is what runs where API Gateway let its route in", () => {
    const match = matchRoute({ routeKey, method, path: pathOf(path) });

    expect(match.operationId).toBe(operationId);
    expect(match.params).toEqual(
      Object.fromEntries(
        Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => [name, pathOf(`{${name}}`)]),
      ),
    );
    expect(routeAt(method, pathOf(path).split("/"))).toEqual({ ...match, method, routeKey });
  });

  it("does not run where another route was let in, nor where none was", () => {
    for (const other of OPERATION_IDS.filter((id) => routeOf(id).path !== path)) {
      const { method: otherMethod, path: template } = routeOf(other);
      const found = problemOf(`${otherMethod} ${template}`, method, pathOf(path));
      expect(found).toEqual({ code: "invalid_request" });
    }
    expect(problemOf(UNROUTED, method, pathOf(path))).toEqual({ code: "not_found" });
  });
});

it("what is no route of the API is told what its path has, if anything", () => {
  expect(problemOf(UNROUTED, "GET", "/v2/tenants")).toEqual({ code: "not_found" });
  expect(problemOf(UNROUTED, "PATCH", "/v1/tenants/acme")).toEqual({
    code: "method_not_allowed",
    allow: "PUT, GET, DELETE",
  });
});
