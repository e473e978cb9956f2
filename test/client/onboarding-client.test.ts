import type { OnboardingClient } from "mparticle-partner-feed-connector/client";
import { expect, expectTypeOf, test } from "vitest";
import { withSignature, withToken } from "../../shared/client/authentication.ts";
import { createOnboardingClient, OnboardingError } from "../../shared/client/onboarding-client.ts";

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  readonly redirect: string | undefined;
}

/** A client whose requests go nowhere, and that is answered as told. */
function client(answer: Response, authenticate = withToken("secret")) {
  const sent: Sent[] = [];
  const fake = async (url: string | URL | Request, init: RequestInit = {}) => {
    sent.push({
      url: String(url),
      method: init.method,
      headers: init.headers as Record<string, string>,
      body: init.body,
      redirect: init.redirect,
    });
    return answer;
  };
  const options = { url: "https://api.example.com/", authenticate, fetch: fake as typeof fetch };
  return { api: createOnboardingClient(options), sent };
}

const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(body), { headers: { "content-type": "application/json" }, ...init });

test("sends what the table of routes says, and gives back status, body and ETag", async () => {
  const { api, sent } = client(
    json(
      { tenantId: "acme" },
      { status: 201, headers: { "content-type": "application/json", etag: '"r1"' } },
    ),
  );

  const answer = await api.putTenant({
    params: { tenantId: "acme" },
    body: { blockedEvents: ["page"] },
    ifMatch: '"r0"',
  });

  expect(answer).toEqual({ status: 201, body: { tenantId: "acme" }, etag: '"r1"' });
  expect(sent).toEqual([
    {
      url: "https://api.example.com/v1/tenants/acme",
      method: "PUT",
      headers: {
        accept: "application/json, application/problem+json",
        "content-type": "application/json",
        "if-match": '"r0"',
        authorization: "Bearer secret",
      },
      body: '{"blockedEvents":["page"]}',
      redirect: "error",
    },
  ]);
});

test("leaves out parameters that are not given", async () => {
  const { api, sent } = client(json({ tenants: [] }));

  await api.listTenants();
  await api.listTenants({ query: { limit: 5 } }).catch(() => {});

  expect(sent.map(({ url }) => url)).toEqual([
    "https://api.example.com/v1/tenants",
    "https://api.example.com/v1/tenants?limit=5",
  ]);
});

test("rejects with the problem that the API tells of", async () => {
  const problem = { code: "not_found", status: 404, detail: "There is no tenant of this id." };
  const { api } = client(
    new Response(JSON.stringify(problem), {
      status: 404,
      headers: { "content-type": "application/problem+json" },
    }),
  );

  const error = await api.getTenant({ params: { tenantId: "acme" } }).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(OnboardingError);
  expect(error).toMatchObject({ status: 404, message: "There is no tenant of this id.", problem });
});

test("rejects with the status alone where something before the API answers", async () => {
  const { api } = client(json({ message: "Forbidden" }, { status: 403 }));

  await expect(api.listTenants()).rejects.toMatchObject({ status: 403, problem: undefined });
});

test.each([
  ["5", 5],
  ["0.5", 1],
  ["15045.993", 15_046],
  [new Date(0).toUTCString(), 0],
  ["soon", undefined],
  [undefined, undefined],
])("tells when to call again: Retry-After %j is %j seconds", async (header, seconds) => {
  const headers: Record<string, string> = header === undefined ? {} : { "retry-after": header };
  const { api } = client(json({ message: "Too Many Requests" }, { status: 429, headers }));

  await expect(api.listTenants()).rejects.toMatchObject({ status: 429, retryAfterSeconds: seconds });
});

test("sends nothing for an id that would lead elsewhere", async () => {
  const { api, sent } = client(json({}));

  for (const tenantId of ["..", ".", "", "a/b", "a%2Fb", "a?b", "a#b", "a b"])
    await expect(api.getTenant({ params: { tenantId } })).rejects.toThrow(TypeError);
  expect(sent).toEqual([]);
});

test("signs method, path, query, body and host", async () => {
  const authenticate = withSignature({
    region: "eu-north-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
  const { api, sent } = client(json({}), authenticate);

  await api.listTenants({ query: { limit: 5 } });

  expect(sent[0]?.headers["authorization"]).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-north-1\/execute-api\/aws4_request, SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
  expect(sent[0]?.headers).not.toHaveProperty("host");
});

test("knows the types of what goes in and out", () => {
  const { api } = client(json({}));

  expectTypeOf(api).toEqualTypeOf<OnboardingClient>();
  expectTypeOf(api.getFeed).parameter(0).toHaveProperty("params");
  expectTypeOf<Awaited<ReturnType<typeof api.deleteFeed>>["status"]>().toEqualTypeOf<204>();
  // @ts-expect-error a body is needed even where all of its fields have a default
  void (() => api.putTenant({ params: { tenantId: "acme" } }));
});
