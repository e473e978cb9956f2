import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { expect, test } from "vitest";
import { createHandler, type RequestReport } from "../../../functions/onboarding-api/create-handler.ts";
import type { OnboardingDeps } from "../../../functions/onboarding-api/use-case.ts";
import { ProblemError } from "../../../shared/onboarding/problem.ts";
import { capturedLog } from "../../support/captured-log.ts";

const KEY = "us1-0123456789abcdef0123456789abcdef";
const SECRET = "S".repeat(64);

/** What is logged of a request for a tenant, which ends so. */
async function loggedOf(tenantId: string, end: () => Promise<undefined>) {
  const log = capturedLog();
  const reports: RequestReport[] = [];
  const deps = { registry: { tenant: end }, log } as unknown as OnboardingDeps;
  const handler = createHandler(deps, { kind: "jwt", stage: "test" }, (report) => reports.push(report));
  const rawPath = `/v1/tenants/${tenantId}`;
  const authorizer = { jwt: { claims: { sub: "somebody", scope: "partner-feeds/read" } } };
  const requestContext = {
    requestId: "r",
    domainName: "api",
    authorizer,
    http: { method: "GET", path: rawPath },
  };
  const routeKey = "GET /v1/tenants/{tenantId}";
  const event = { routeKey, rawPath, headers: {}, requestContext } as unknown as APIGatewayProxyEventV2;
  await handler(event, { getRemainingTimeInMillis: () => 1_000 } as Context);
  return {
    status: reports[0]?.status,
    tenantIds: [reports[0]?.tenantId, log.lines[0]?.fields?.["tenantId"]],
  };
}

test.each(["acme", KEY, SECRET])("of what is not there nobody knows whether it is an id: %s", async (id) => {
  expect(await loggedOf(id, async () => undefined)).toEqual({
    status: 404,
    tenantIds: [undefined, undefined],
  });
});

test("what is there in a state that does not allow something is named", async () => {
  const conflict = async () => {
    throw new ProblemError("conflict", "Not now.");
  };

  expect(await loggedOf(KEY, conflict)).toMatchObject({ status: 409, tenantIds: [KEY, undefined] });
});

test.each([
  ["acme", "acme"],
  [KEY, undefined],
  [KEY.slice(4).toUpperCase(), undefined],
  [SECRET, undefined],
])("where something fails, an id is named unless it looks like a key: %s", async (id, named) => {
  const fail = async () => {
    throw new Error("the table is down");
  };

  expect(await loggedOf(id, fail)).toEqual({ status: 500, tenantIds: [named, named] });
});
