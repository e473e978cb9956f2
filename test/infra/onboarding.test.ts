import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stageOf } from "../../infra/stages.ts";
import { OPERATION_IDS, routeOf } from "../../shared/api/routes.ts";
import { statementsOf } from "./iam-statements.ts";
import { propertiesOf, synthesize } from "./synthesize.ts";

const { service } = synthesize();
const withTokens = synthesize(
  stageOf("production", { jwtIssuer: "https://login.example.com/", jwtAudience: "partner-feeds" }),
).service;

const routes = (template = service) => propertiesOf(template, "AWS::ApiGatewayV2::Route");
const keysOf = (template = service) => routes(template).map(({ RouteKey }) => RouteKey);

/** The one route that no authorizer guards but the link in its path. */
const PAGE = "ANY /connect/{token}";
const isPage = ({ RouteKey }: Record<string, unknown>) => RouteKey === PAGE;

describe("the onboarding API's gateway", () => {
  it("has a route for each of the API's, one for all that is none, and one for the connect page", () => {
    const documented = OPERATION_IDS.map((id) => `${routeOf(id).method} ${routeOf(id).path}`);

    expect(keysOf().sort()).toEqual([...documented, "$default", PAGE].sort());
  });

  it("lets nothing but the connect page through that is not signed, unless the deployment names an issuer", () => {
    for (const route of routes()) expect(route["AuthorizationType"]).toBe(isPage(route) ? "NONE" : "AWS_IAM");
    expect(service.findResources("AWS::ApiGatewayV2::Authorizer")).toEqual({});
  });

  it("lets nothing but the connect page through without a token of the issuer, and a scope of the route", () => {
    expect(propertiesOf(withTokens, "AWS::ApiGatewayV2::Authorizer")).toEqual([
      expect.objectContaining({
        AuthorizerType: "JWT",
        JwtConfiguration: { Issuer: "https://login.example.com/", Audience: ["partner-feeds"] },
        IdentitySource: ["$request.header.Authorization"],
      }),
    ]);
    expect(keysOf(withTokens).sort()).toEqual(keysOf().sort());
    const scopes = new Map(
      routes(withTokens).map((route) => {
        expect(route["AuthorizationType"]).toBe(isPage(route) ? "NONE" : "JWT");
        return [route["RouteKey"], route["AuthorizationScopes"]];
      }),
    );
    expect(scopes.get("GET /v1/tenants")).toEqual(["partner-feeds/read", "partner-feeds/write"]);
    expect(scopes.get("PUT /v1/tenants/{tenantId}")).toEqual(["partner-feeds/write"]);
    expect(scopes.get("PUT /v1/tenants/{tenantId}/feeds/{feedId}/credentials")).toEqual([
      "partner-feeds/credentials",
    ]);
  });

  it("tells the function which authorizer stands before it", () => {
    const authorizers = [service, withTokens].map((template) =>
      propertiesOf(template, "AWS::Lambda::Function")
        .map(
          ({ Environment }) =>
            (Environment as { Variables: Record<string, unknown> }).Variables["AUTHORIZER"],
        )
        .filter((kind) => kind !== undefined),
    );

    expect(authorizers).toEqual([["iam"], ["jwt"]]);
  });

  it("is throttled, and logs who called which route, never a path or a query", () => {
    const [stage] = propertiesOf(service, "AWS::ApiGatewayV2::Stage") as [
      { AccessLogSettings: { Format: string } },
    ];

    expect(stage).toMatchObject({
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
    const format = JSON.parse(stage.AccessLogSettings.Format);
    expect(format).toHaveProperty("routeKey");
    expect(JSON.stringify(format)).not.toMatch(/\$context\.(path|domain)|querystring|header/i);
  });

  it("sends the connect page's requests to the function of its own, and all others to the API's", () => {
    const targets = new Map(
      Object.entries(service.findResources("AWS::ApiGatewayV2::Integration")).map(([id, { Properties }]) => [
        `integrations/${id}`,
        JSON.stringify(Properties.IntegrationUri),
      ]),
    );
    for (const route of routes()) {
      const target = JSON.stringify(route["Target"]);
      const uri = [...targets].find(([id]) => target.includes(id.slice("integrations/".length)))?.[1];

      expect(uri).toMatch(isPage(route) ? /Connect/ : /Onboarding/);
    }
  });

  it("may invoke the two functions, and is the only one that may", () => {
    const permissions = propertiesOf(service, "AWS::Lambda::Permission").filter(
      ({ Principal }) => Principal === "apigateway.amazonaws.com",
    );

    expect(permissions).toEqual(
      [/^Onboarding/, /^Connect/].map((id) =>
        expect.objectContaining({ FunctionName: { "Fn::GetAtt": [expect.stringMatching(id), "Arn"] } }),
      ),
    );
  });

  it("allows no other origin", () => {
    for (const api of propertiesOf(service, "AWS::ApiGatewayV2::Api"))
      expect(api).not.toHaveProperty("CorsConfiguration");
  });
});

describe("secrets", () => {
  const READS = ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"];
  const rolesThat = (does: (action: string) => boolean) =>
    ["Live", "Backfill", "Release", "Replay", "Check", "Onboarding", "Connect", "Verify", "Upkeep"].filter(
      (within) => statementsOf(service, within).some(({ actions }) => actions.some(does)),
    );

  it("are read by nothing but what delivers, releases and tests them", () => {
    expect(rolesThat((action) => READS.includes(action))).toEqual(["Live", "Backfill", "Release", "Verify"]);
  });

  it("are written by onboarding alone", () => {
    const writes = (action: string) => action.startsWith("secretsmanager:") && !READS.includes(action);

    expect(rolesThat(writes)).toEqual(["Onboarding", "Connect", "Upkeep"]);
  });

  it("are those of this stage's feeds", () => {
    const resources = statementsOf(service)
      .filter(({ actions }) => actions.some((action) => action.startsWith("secretsmanager:")))
      .flatMap((statement) => statement.resources);

    expect(new Set(resources)).toEqual(
      new Set([
        "arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:partner-feed-connector/production/*",
      ]),
    );
  });

  it("new ones are encrypted with the stack's key", () => {
    const [variables] = propertiesOf(service, "AWS::Lambda::Function")
      .map(({ Environment }) => (Environment as { Variables: Record<string, unknown> }).Variables)
      .filter((each) => "SECRET_KEY_ARN" in each);

    expect(JSON.stringify(variables?.["SECRET_KEY_ARN"])).toMatch(/Key/);
  });
});

it("the onboarding function tells of changed feeds and of nothing else, and invokes two functions", () => {
  const statements = statementsOf(service, "Onboarding");
  const of = (action: string) => statements.filter(({ actions }) => actions.includes(action));

  expect(of("events:PutEvents")).toMatchObject([
    {
      conditions: {
        StringEquals: { "events:source": "partner-feed-connector", "events:detail-type": "Feed Changed" },
      },
    },
  ]);
  expect(of("lambda:InvokeFunction").flatMap(({ resources }) => resources)).toEqual([
    expect.stringMatching(/^<Replay/),
    expect.stringMatching(/^<Verify/),
  ]);
});

it("the connect page's function tells of changed feeds and of nothing else, deletes no secret, and has no way to parked events", () => {
  const statements = statementsOf(service, "Connect");
  const actions = statements.flatMap((statement) => statement.actions);

  expect(statements.filter((statement) => statement.actions.includes("events:PutEvents"))).toMatchObject([
    {
      conditions: {
        StringEquals: { "events:source": "partner-feed-connector", "events:detail-type": "Feed Changed" },
      },
    },
  ]);
  expect(
    actions.filter((action) => /^(s3|sqs|lambda):|DeleteSecret|GetSecret|Batch|Scan/.test(action)),
  ).toEqual([]);
});

it("the connect page looks as its file says", () => {
  const variables = (template: typeof service) =>
    propertiesOf(template, "AWS::Lambda::Function")
      .map(({ Environment }) => (Environment as { Variables: Record<string, string> }).Variables)
      .flatMap(({ BRAND }) => (BRAND === undefined ? [] : [JSON.parse(BRAND)]));
  const directory = mkdtempSync(join(tmpdir(), "brand-"));
  try {
    writeFileSync(join(directory, "brand.json"), JSON.stringify({ name: "Acme Mail", colour: "#5b3df5" }));
    const branded = synthesize(stageOf("production", { brand: join(directory, "brand.json") })).service;

    expect(variables(service)).toMatchObject([{ name: "Partner" }]);
    expect(variables(branded)).toMatchObject([{ name: "Acme Mail", colour: "#5b3df5" }]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it("connect links begin as the deployment says", () => {
  const { service: elsewhere } = synthesize(
    stageOf("production", { connectUrl: "https://connect.example.com" }),
  );

  const variables = propertiesOf(elsewhere, "AWS::Lambda::Function").map(
    ({ Environment }) => (Environment as { Variables: Record<string, string> }).Variables["CONNECT_URL"],
  );

  expect(variables.filter(Boolean)).toEqual(["https://connect.example.com"]);
  for (const connectUrl of [
    "http://connect.example.com",
    "https://connect.example.com/",
    "https://a/?b",
    "connect",
  ])
    expect(() => stageOf("production", { connectUrl })).toThrow(/connectUrl/);
});

it.each([
  { jwtIssuer: "http://login.example.com", jwtAudience: "x" },
  { jwtIssuer: "https://login.example.com" },
  { jwtAudience: "x" },
])("a deployment with %j is refused", (overrides) => {
  expect(() => stageOf("production", overrides)).toThrow(/jwt(Issuer|Audience)/);
});
