import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { apiUrl, regionIn } from "../../../local/feedctl/api/api-url.ts";
import { UsageError } from "../../../local/start/usage-error.ts";
import { feedctl } from "./feedctl-process.ts";

/** Takes everything, and keeps what it was sent. */
const seen: IncomingHttpHeaders[] = [];
const server = createServer((request, response) => {
  seen.push(request.headers);
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"tenants":[]}');
});
let url: string;
let directory: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  directory = mkdtempSync(join(tmpdir(), "feedctl-"));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  seen.length = 0;
});

const list = (options: readonly string[], env: Record<string, string> = {}) =>
  feedctl(["tenants", "list", ...options], { env });
const file = (name: string, content: string) => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
const authorization = () => seen.map((headers) => headers.authorization);

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY: "env-secret" };
const profiles = () => ({
  AWS_SHARED_CREDENTIALS_FILE: file(
    "credentials",
    "[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key=a\n[ops]\naws_access_key_id=AKIAOPS\naws_secret_access_key=b\naws_session_token=session\n",
  ),
  AWS_CONFIG_FILE: file("config", ""),
});

test("a token of the environment is sent as it is", async () => {
  const { code } = await list(["--url", url], { FEEDCTL_TOKEN: "token-1" });

  expect(code).toBe(0);
  expect(authorization()).toEqual(["Bearer token-1"]);
});

test("a token in a file is sent without the end of its line", async () => {
  const path = file("token", "token-2\n");

  await list(["--url", url, "--token-file", path], { FEEDCTL_TOKEN: "token-1" });
  await list(["--url", url], { FEEDCTL_TOKEN_FILE: path });

  expect(authorization()).toEqual(["Bearer token-2", "Bearer token-2"]);
});

test("without a token, requests are signed with the credentials that the AWS SDK finds", async () => {
  await list(["--url", url], { ...KEYS, AWS_REGION: "eu-west-1" });

  expect(authorization()).toEqual([
    expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIAENVIRONMENT\/\d{8}\/eu-west-1\/execute-api\/aws4_request, /,
    ),
  ]);
});

test("a profile is used before a token and before keys of the environment", async () => {
  const env = { ...KEYS, ...profiles(), FEEDCTL_TOKEN: "token-1" };

  const { code } = await list(["--url", url, "--profile", "ops", "--region", "us-west-2"], env);

  expect(code).toBe(0);
  expect(authorization()).toEqual([expect.stringMatching(/Credential=AKIAOPS\/\d{8}\/us-west-2\//)]);
  expect(seen[0]?.["x-amz-security-token"]).toBe("session");
});

test.each([
  [["--profile", "nobody"], "no AWS credentials"],
  [[], "no AWS credentials"],
])("says that there are no credentials, and sends nothing: %j", async (options, message) => {
  const env = {
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_REGION: "eu-west-1",
  };

  const { code, stderr } = await list(["--url", url, ...options], env);

  expect(code).toBe(6);
  expect(stderr).toMatch(new RegExp(`^feedctl: ${message}[^\\n]+\\n$`));
  expect(seen).toEqual([]);
});

test("the address comes from an option, else from the environment", async () => {
  const env = { FEEDCTL_TOKEN: "token-1", FEEDCTL_URL: "https://127.0.0.1:1" };

  expect((await list(["--url", url], env)).code).toBe(0);
  expect((await list([], { ...env, FEEDCTL_URL: `${url}/` })).code).toBe(0);
  expect((await list([], env)).code).toBe(3);
});

test("a stage is remembered with its address and how to prove who calls", async () => {
  const env = {
    FEEDCTL_CONFIG: join(directory, "deep", "config.json"),
    FEEDCTL_TOKEN: "token-1",
    ...profiles(),
  };
  const set = (...args: string[]) => feedctl(["stages", "set", ...args], { env });

  expect((await set("dev", "--url", url, "--token-file", file("dev-token", "token-dev"))).code).toBe(0);
  expect((await set("prod", "--url", url, "--profile", "ops", "--region", "eu-west-1")).code).toBe(0);
  expect((await list(["--stage", "dev"], env)).code).toBe(0);
  expect((await list([], { ...env, FEEDCTL_STAGE: "prod" })).code).toBe(0);
  expect((await list(["--stage", "prod", "--token-file", file("other", "token-3")], env)).code).toBe(0);

  expect(authorization()).toEqual([
    "Bearer token-dev",
    expect.stringContaining("Credential=AKIAOPS/"),
    "Bearer token-3",
  ]);
  const { stdout } = await feedctl(["stages", "list", "--json"], { env });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(env.FEEDCTL_CONFIG, "utf8")));
  expect(Object.keys(JSON.parse(stdout).stages)).toEqual(["dev", "prod"]);

  expect((await feedctl(["stages", "remove", "dev"], { env })).code).toBe(0);
  const gone = await list(["--stage", "dev"], env);
  expect(gone).toMatchObject({ code: 2, stdout: "" });
  expect(gone.stderr).toContain("the stage dev is not known, only prod");
});

test("a stage's address can come from what cdk deploy wrote", async () => {
  const env = { FEEDCTL_CONFIG: join(directory, "cdk.json"), FEEDCTL_TOKEN: "token-1" };
  const set = (outputs: unknown) =>
    feedctl(["stages", "set", "dev", "--outputs", file("outputs.json", JSON.stringify(outputs))], { env });

  expect(
    (await set({ "feeds-state-dev": { QueueUrl: "x" }, "feeds-service-dev": { OnboardingApiUrl: url } }))
      .code,
  ).toBe(0);
  expect((await list(["--stage", "dev"], env)).code).toBe(0);
  expect((await set({ state: { QueueUrl: "x" } })).code).toBe(2);
  expect((await set({ a: { OnboardingApiUrl: url }, b: { OnboardingApiUrl: url } })).code).toBe(2);
  expect((await set([])).code).toBe(2);
});

test.each(["not JSON", '{"stages":{"dev":{}}}', '{"stages":{"dev":{"url":"http://example.com"}}}'])(
  "a file of stages that is not one is told as such: %s",
  async (content) => {
    const { code, stderr } = await list(["--stage", "dev"], { FEEDCTL_CONFIG: file("broken.json", content) });

    expect(code).toBe(2);
    expect(stderr).toMatch(/^feedctl: [^\n]*broken\.json[^\n]*\n$/);
  },
);

test.each([
  [[], {}],
  [["--url", "https://api.example.com", "--stage", "dev"], {}],
  [["--url", "https://api.example.com", "--profile", "a", "--token-file", "b"], {}],
  [["--url", "https://api.example.com", "--token-file", "/nonexistent"], {}],
  [["--url", "https://api.example.com"], { FEEDCTL_TOKEN: "two words" }],
  [["--url", "https://api.example.com"], KEYS],
])("asks for what is missing or in doubt: %j %j", async (options, env) => {
  const { code, stdout, stderr } = await list(options, env as Record<string, string>);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^feedctl: [^\n]+\n$/);
  expect(stderr).not.toContain("two words");
});

test.each([
  "https://abc123.execute-api.eu-west-1.amazonaws.com",
  "https://api.example.com/prod",
  "http://localhost:8080",
  "http://127.0.0.1:1",
  "http://[::1]:1",
])("takes %s", (text) => {
  expect(apiUrl(text, "--url")).toBe(text);
  expect(apiUrl(`${text}/`, "--url")).toBe(text);
  expect(apiUrl(`${text}/v1/`, "--url")).toBe(text);
});

test.each([
  "http://api.example.com",
  "http://10.0.0.1",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "https://user:password@api.example.com",
  "https://api.example.com/?x=password",
  "https://api.example.com/#password",
  "ftp://api.example.com",
  "api.example.com",
  "",
])("sends no credentials to %j", (text) => {
  expect(() => apiUrl(text, "--url")).toThrow(UsageError);
  expect(() => apiUrl(text, "--url")).not.toThrow(/password/);
});

test("an address of API Gateway names its region", () => {
  expect(regionIn("https://abc123.execute-api.eu-west-1.amazonaws.com")).toBe("eu-west-1");
  expect(regionIn("https://abc123.execute-api.cn-north-1.amazonaws.com.cn/x")).toBe("cn-north-1");
  expect(regionIn("https://execute-api.eu-west-1.amazonaws.com.example.com")).toBeUndefined();
});
