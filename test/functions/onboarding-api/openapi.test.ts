import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "../../../local/openapi/document.ts";
import { OPERATION_IDS, routeOf } from "../../../shared/api/routes.ts";
import { type OnboardingWorld, startOnboardingWorld } from "./onboarding-world.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

const document = openApiDocument();
const operations = Object.values(document.paths ?? {}).flatMap(
  (item) => Object.values(item as object) as Operation[],
);

describe("the OpenAPI document", () => {
  it("has every route once, with the parameters that its path names", () => {
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual([...OPERATION_IDS].sort());
    for (const { operationId, parameters = [] } of operations) {
      const { path } = routeOf(operationId as (typeof OPERATION_IDS)[number]);
      const named = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      expect(parameters.filter((each) => each.in === "path").map(({ name }) => name)).toEqual(named);
    }
  });

  it("has problems as problem documents, and only API Gateway's own answers besides", () => {
    for (const { responses } of operations)
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const types = Object.keys(content);
        if (Number(status) < 400) expect(types.filter((type) => type !== "application/json")).toEqual([]);
        else expect(types.length).toBeGreaterThan(0);
      }
  });

  it("shows no key in any answer", () => {
    const answers = JSON.stringify(operations.map(({ responses }) => responses));

    expect(answers).not.toMatch(/apiKey|apiSecret|"#\/components\/schemas\/Credentials"/);
  });
});

describe("the running API", () => {
  let world: OnboardingWorld;
  beforeAll(async () => {
    world = await startOnboardingWorld();
  });
  afterAll(() => world.close());

  it("serves the document that the present code describes", async () => {
    expect((await world.client.getOpenApi()).body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  // Each answer on the way is held to the document by `documented.ts`.
  it("answers every route with a success that the document describes", async () => {
    const { client } = world;
    const params = { tenantId: "acme", feedId: "default" };
    const keys = { apiKey: "good-key", apiSecret: "good-secret" };
    world.standIn.putFeed({ ...keys, kind: "partner" });
    const range = { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" };
    const events = [{ type: "track", event: "Plan Changed", userId: "u1", messageId: "m1" }];

    await client.getOpenApi();
    await client.putTenant({ params, body: {} });
    await client.getTenant({ params });
    await client.listTenants();
    await client.pauseTenant({ params });
    await client.resumeTenant({ params });
    await client.putFeed({
      params,
      body: {
        mapping: {
          userAttributes: { plan: ["traits.plan", { value: "free" }] },
          rules: [{ event: "A", ignore: true }],
        },
        limits: { eventsPerRequest: 1 },
      },
    });
    await client.putCredentials({ params, body: keys });
    await client.verifyFeed({ params });
    await client.goLive({ params });
    await client.pauseFeed({ params });
    await client.resumeFeed({ params });
    await client.getFeed({ params });
    await client.listMappings({ params });
    await client.getMapping({ params: { ...params, version: "1" } });
    await client.restoreMapping({ params: { ...params, version: "1" } });
    await client.listFeeds({ params });
    await client.getEventNames({ params });
    await client.resetEventNames({ params });
    const { body } = await client.createConnectLink({
      params,
      body: { feedIds: ["default"], language: "en" },
    });
    await client.listConnectLinks({ params });
    await client.revokeConnectLink({ params: { ...params, linkId: body.linkId } });
    await client.listRejected({ params, query: range });
    await client.listHeld({ params, query: range });
    await client.replayRejected({ params, body: range });
    await client.getLedger({ params, query: range });
    await client.previewFeed({ params, body: { events } });
    await client.preview({ body: { events, feed: { kind: "custom" } } });
    await client.listAudit({ params });
    await client.deleteFeed({ params });
    await client.deleteTenant({ params });
    await client.restoreTenant({ params });

    const answered = world.reports.filter(({ status }) => status < 300).map(({ operationId }) => operationId);
    expect([...new Set(answered)].sort()).toEqual([...OPERATION_IDS].sort());
  });
});
