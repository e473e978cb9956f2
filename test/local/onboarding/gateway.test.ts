import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterEach, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../local/onboarding/gateway.ts";

const TOKEN = "token-for-this-test";
let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

/** A gateway before a function that answers with the event that it got. */
async function start(options: Partial<Parameters<typeof startGateway>[0]> = {}): Promise<Gateway> {
  gateway = await startGateway({
    api: async (event) => ({ statusCode: 200, body: JSON.stringify(event) }),
    token: TOKEN,
    ...options,
  });
  return gateway;
}

async function eventOf(path: string, init: RequestInit = {}): Promise<APIGatewayProxyEventV2> {
  const { url } = await start();
  const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string>) };
  return (await fetch(`${url}${path}`, { ...init, headers })).json() as Promise<APIGatewayProxyEventV2>;
}

describe("the local gateway", () => {
  it("listens on loopback alone", async () => {
    expect((await start()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("hands over a path decoded once, and a query as text and by name", async () => {
    const event = await eventOf("/v1/a%20b%252f?x=1&x=2&y=%C3%A9&z");

    expect(event).toMatchObject({
      version: "2.0",
      rawPath: "/v1/a b%2f",
      rawQueryString: "x=1&x=2&y=%C3%A9&z",
      queryStringParameters: { x: "1,2", y: "é", z: "" },
      requestContext: {
        http: { method: "GET", path: "/v1/a b%2f", sourceIp: "127.0.0.1" },
        stage: "$default",
      },
    });
    expect(event).not.toHaveProperty("body");
  });

  it.each([
    ["GET", "/v1/tenants?limit=1", "GET /v1/tenants"],
    ["PUT", "/v1/tenants/acme", "PUT /v1/tenants/{tenantId}"],
    ["GET", "/v1/%74enants/acme", "GET /v1/tenants/{tenantId}"],
    ["GET", "/v1/tenants/acme%2Ffeeds", "GET /v1/tenants/{tenantId}"],
    ["GET", "/v1%2Ftenants", "$default"],
    ["PATCH", "/v1/tenants/acme", "$default"],
    ["GET", "/v1/tenants/", "$default"],
  ])("finds the route of %s %s before it decodes the path", async (method, path, routeKey) => {
    const event = await eventOf(path, { method });

    expect([event.routeKey, event.requestContext.routeKey]).toEqual([routeKey, routeKey]);
  });

  it.each([
    ["application/json", new TextEncoder().encode('{"a":"é"}'), '{"a":"é"}', false],
    ["application/json", new Uint8Array([0x7b, 0xff]), "e/8=", true],
    ["application/octet-stream", new Uint8Array([1, 2]), "AQI=", true],
  ])(
    "hands over a body of %s as text if it is, else in base64",
    async (type, bytes, body, isBase64Encoded) => {
      const init = { method: "PUT", headers: { "content-type": type }, body: bytes };

      expect(await eventOf("/v1", init)).toMatchObject({ body, isBase64Encoded });
    },
  );

  it("tells of its caller as the JWT authorizer does", async () => {
    const event = await eventOf("/v1");

    expect((event.requestContext as unknown as Record<string, unknown>)["authorizer"]).toEqual({
      jwt: {
        claims: { sub: "local", scope: "partner-feeds/read partner-feeds/write partner-feeds/credentials" },
        scopes: null,
      },
    });
  });

  it("lets nobody in without the token, but to the page, which is told of no caller", async () => {
    const page = async (event: APIGatewayProxyEventV2) => ({
      statusCode: 200,
      cookies: ["a=1", "b=2"],
      headers: { "content-type": "text/html" },
      body: JSON.stringify(event.requestContext),
    });
    const { url } = await start({ page });

    const response = await fetch(`${url}/connect/abc`);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.json()).not.toHaveProperty("authorizer");
    expect((await fetch(`${url}/connect`)).status).toBe(401);
    expect((await fetch(`${url}/v1/connect/abc`)).status).toBe(401);
  });

  it("answers 500 for a function that throws, and does not say why", async () => {
    const { url } = await start({
      api: async () => {
        throw new Error("SECRET");
      },
    });

    const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });

    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it("says when its port is taken", async () => {
    const { url } = await start();
    const taken = startGateway({ api: async () => ({}), token: TOKEN, port: Number(new URL(url).port) });

    await expect(taken).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
