import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthorizerKind } from "../../../functions/onboarding-api/authorize.ts";
import { createHandler } from "../../../functions/onboarding-api/create-handler.ts";
import { OPERATION_IDS, routeOf } from "../../../shared/api/routes.ts";
import { type OnboardingWorld, startOnboardingWorld, TOKEN } from "./onboarding-world.ts";

let world: OnboardingWorld;

beforeAll(async () => {
  world = await startOnboardingWorld();
});
afterAll(() => world.close());

/** What the function answers to a request that API Gateway hands over with such an authorizer's context. */
async function answer(
  operationId: (typeof OPERATION_IDS)[number],
  {
    authorizer,
    headers = {},
    kind = "jwt",
    stage = "production",
  }: {
    readonly authorizer?: object;
    readonly headers?: Record<string, string>;
    readonly kind?: AuthorizerKind;
    readonly stage?: string;
  },
) {
  const { method, path } = routeOf(operationId);
  const event = {
    routeKey: `${method} ${path}`,
    rawPath: path
      .replace("{tenantId}", "missing")
      .replace("{feedId}", "f")
      .replace("{linkId}", "A".repeat(16)),
    headers: { "content-type": "application/json", ...headers },
    isBase64Encoded: false,
    requestContext: {
      http: { method, sourceIp: "192.0.2.7" },
      requestId: "r1",
      domainName: "api.example.com",
      ...(authorizer && { authorizer }),
    },
  };
  const handler = createHandler(world.deps, { kind, stage }, () => {});
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  const { statusCode } = await handler(event as unknown as APIGatewayProxyEventV2, context);
  return statusCode;
}

const token = (scope: string) => ({ jwt: { claims: { sub: "service", scope } } });

describe.each(OPERATION_IDS.map((id) => [id, routeOf(id).scope] as const))("%s", (operationId, scope) => {
  it("is answered to nobody whom API Gateway did not identify", async () => {
    expect(await answer(operationId, {})).toBe(401);
    expect(await answer(operationId, { kind: "iam" })).toBe(401);
    expect(await answer(operationId, { kind: "iam", authorizer: token("partner-feeds/read") })).toBe(401);
    expect(await answer(operationId, { authorizer: { iam: { userArn: "arn" } } })).toBe(401);
    const headers = {
      authorization: "AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-north-1/execute-api/aws4_request",
    };
    expect(await answer(operationId, { kind: "iam", headers })).toBe(401);
  });

  it(`takes the scope ${scope}`, async () => {
    const others = ["read", "write", "credentials"].filter(
      (other) => other !== scope && !(scope === "read" && other === "write"),
    );

    expect(await answer(operationId, { authorizer: token(`partner-feeds/${scope}`) })).not.toBe(403);
    for (const other of others)
      expect(await answer(operationId, { authorizer: token(`partner-feeds/${other}`) })).toBe(403);
    for (const none of ["", scope, `partner-feeds/${scope}s`, `x-partner-feeds/${scope}`])
      expect(await answer(operationId, { authorizer: token(none) })).toBe(403);
  });
});

it("takes scopes from `scp` as well, as some issuers write them", async () => {
  const authorizer = { jwt: { claims: { client_id: "service", scp: "[openid partner-feeds/read]" } } };

  expect(await answer("listTenants", { authorizer })).toBe(200);
});

it("takes whoever IAM let through, for IAM's policies name methods and paths", async () => {
  const authorizer = { iam: { userArn: "arn:aws:sts::1:assumed-role/onboarding/x" } };

  expect(await answer("listTenants", { kind: "iam", authorizer })).toBe(200);
});

it("the local gateway asks for its token, whatever the path but the connect page's", async () => {
  for (const authorization of ["", "Bearer", "Bearer wrong", `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, TOKEN])
    expect((await world.send("GET", "/v1/tenants", { headers: { authorization } })).status).toBe(401);
  for (const path of ["/connect", "/v1/connect/x", "/x"])
    expect((await world.send("GET", path, { headers: { authorization: "" } })).status).toBe(401);
  // Guarded by its link alone: this one is nobody's.
  expect((await fetch(`${world.gateway.url}/connect/x`)).status).toBe(404);
});

it("notes who changed what, from where", async () => {
  await world.client.putTenant({ params: { tenantId: "audited" }, body: {} });

  const { body } = await world.client.listAudit({ params: { tenantId: "audited" } });
  expect(body.entries).toEqual([
    {
      at: expect.stringMatching(/Z$/),
      action: "tenant_created",
      by: "local",
      from: "127.0.0.1",
      requestId: expect.any(String),
      details: {},
    },
  ]);
});
