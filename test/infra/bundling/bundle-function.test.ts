import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundle, bundleFunction, maxBytesOf } from "../../../infra/bundling/bundle-function.ts";
import { synthesize } from "../synthesize.ts";

const FIXTURE = "test/infra/bundling/uses-libraries.fixture.ts";

const outDir = mkdtempSync(join(tmpdir(), "connector-bundle-"));
afterAll(() => rmSync(outDir, { recursive: true }));

describe.each([
  ["deliver-events", "Live"],
  ["release-held", "Release"],
  ["replay-rejected", "Replay"],
  ["check-ledger", "Check"],
  ["onboarding-api", "OnboardingOnboardingApi"],
  ["onboarding-upkeep", "Upkeep"],
  ["verify-feed", "Verify"],
])("the %s bundle", (name, logicalId) => {
  let bundle: Bundle;

  beforeAll(async () => {
    bundle = await bundleFunction(`functions/${name}/handler.ts`, join(outDir, name));
  });

  it("is within the size that its cold start may cost", () => {
    expect(bundle.bytes).toBeLessThanOrEqual(maxBytesOf(`functions/${name}/handler.ts`));
    expect(existsSync(`${bundle.path}.map`)).toBe(true);
  });

  // Validators compiled ahead of time name the first problem; the onboarding API tells a caller all of them, and no event waits for it.
  it("contains zod for the onboarding API alone", () => {
    const inputs = [...bundle.bytesByInput.keys()];

    expect(inputs.some((file) => file.includes("node_modules/zod/"))).toBe(name === "onboarding-api");
  });

  it("starts with the variables that it is deployed with, and nothing but Node installed", async () => {
    const program = `import(${JSON.stringify(bundle.path)}).then(({ handler }) => console.log(typeof handler))`;
    const env = { ...deployedVariables(logicalId), AWS_REGION: "eu-west-1", HOME: outDir };

    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: outDir, env });

    expect(stdout).toBe("function\n");
  });
});

/** The environment of the function whose logical id begins so; what CloudFormation fills in stands there as a text. */
function deployedVariables(logicalId: string): Record<string, string> {
  const { service } = synthesize();
  const [, resource] =
    Object.entries(service.findResources("AWS::Lambda::Function")).find(([id]) => id.startsWith(logicalId)) ??
    [];
  const variables: Record<string, unknown> = resource?.["Properties"].Environment.Variables;
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

describe("a bundled function", () => {
  let aws: Server;
  let bundlePath: string;

  beforeAll(async () => {
    aws = createServer(answer);
    await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
    bundlePath = (await bundleFunction(FIXTURE, join(outDir, "fixture"))).path;
  });
  afterAll(() => {
    aws.close();
  });

  it("calls its four services, and reads their answers and errors, with nothing but Node installed", async () => {
    const results = await run({ AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" });

    expect(results).toEqual({
      segment: "facade",
      send: { Successful: [], Failed: [{ Id: "0", Code: "Refused", SenderFault: true }] },
      secret: "ResourceNotFoundException: No such secret",
      query: { Items: [{ pk: { S: "a" } }], Count: 1 },
      update: "ConditionalCheckFailedException: The conditional request failed",
      itemOfRefusedUpdate: { Item: { pk: { S: "a" }, bytes: { B: { 0: 1, 1: 2 } } } },
      attributes: { Attributes: { ApproximateNumberOfMessages: "3" } },
      batchGet: { Responses: { table: [{ pk: { S: "a" } }] }, UnprocessedKeys: {} },
      put: "AccessDenied: No entry",
      list: { IsTruncated: false, Contents: [{ Key: "held/a" }], CommonPrefixes: [{ Prefix: "held/b/" }] },
      get: { text: "one line\n" },
      missing: "NoSuchKey: It is gone",
      head: "NotFound: UnknownError",
      delete: {},
    });
  });

  it("says what is missing when the environment has no credentials", async () => {
    const results = await run({});

    expect(results["send"]).toBe(
      "Error: Any source of AWS credentials but the environment is not part of this bundle",
    );
  });

  async function run(credentials: Record<string, string>): Promise<Record<string, unknown>> {
    const { port } = aws.address() as AddressInfo;
    const { stdout } = await promisify(execFile)(process.execPath, [bundlePath], {
      cwd: outDir,
      env: {
        ...credentials,
        HOME: outDir,
        AWS_REGION: "eu-west-1",
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        // As in Lambda: these switch the tracer on.
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        LAMBDA_TASK_ROOT: "/var/task",
        _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1",
      },
    });
    return JSON.parse(stdout);
  }
});

/** One answer of each kind that the adapters meet in JSON: success, and errors of two protocols. */
const ANSWERS: Readonly<Record<string, readonly [status: number, body: unknown]>> = {
  "AmazonSQS.SendMessageBatch": [
    200,
    { Successful: [], Failed: [{ Id: "0", Code: "Refused", SenderFault: true }] },
  ],
  "secretsmanager.GetSecretValue": [400, { __type: "ResourceNotFoundException", Message: "No such secret" }],
  "DynamoDB_20120810.Query": [200, { Items: [{ pk: { S: "a" } }], Count: 1 }],
  "AmazonSQS.GetQueueAttributes": [200, { Attributes: { ApproximateNumberOfMessages: "3" } }],
  "DynamoDB_20120810.BatchGetItem": [
    200,
    { Responses: { table: [{ pk: { S: "a" } }] }, UnprocessedKeys: {} },
  ],
  "DynamoDB_20120810.UpdateItem": [
    400,
    {
      __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
      message: "The conditional request failed",
      Item: { pk: { S: "a" }, bytes: { B: "AQI=" } },
    },
  ],
};

/** S3's, by method and the beginning of the path with its query: XML, a body, nothing. All else is refused. */
const S3_ANSWERS: Readonly<Record<string, readonly [status: number, body: string]>> = {
  "GET /bucket/?": [
    200,
    "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>held/a</Key></Contents><CommonPrefixes><Prefix>held/b/</Prefix></CommonPrefixes></ListBucketResult>",
  ],
  "GET /bucket/held/a": [200, "one line\n"],
  "GET /bucket/held/b": [404, "<Error><Code>NoSuchKey</Code><Message>It is gone</Message></Error>"],
  "HEAD /bucket/held/b": [404, ""],
  "DELETE /bucket/held/a": [204, ""],
};
const REFUSED = [403, "<Error><Code>AccessDenied</Code><Message>No entry</Message></Error>"] as const;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [status, body] = answerTo(request);
  request.resume().on("end", () => response.writeHead(status).end(body));
}

function answerTo({ method, url, headers }: IncomingMessage): readonly [status: number, body: string] {
  const json = ANSWERS[String(headers["x-amz-target"])];
  if (json) return [json[0], JSON.stringify(json[1])];
  const line = `${method} ${url}`;
  const found = Object.entries(S3_ANSWERS).find(([beginning]) => line.startsWith(beginning));
  return found?.[1] ?? REFUSED;
}
