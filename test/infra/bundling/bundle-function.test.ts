import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFunction, MAX_BUNDLE_BYTES } from "../../../infra/bundling/bundle-function.ts";

const FIXTURE = "test/infra/bundling/uses-libraries.fixture.ts";

const outDir = mkdtempSync(join(tmpdir(), "connector-bundle-"));
afterAll(() => rmSync(outDir, { recursive: true }));

describe("the deliver-events bundle", () => {
  it("is within the size that its cold start may cost", async () => {
    const bundle = await bundleFunction("functions/deliver-events/handler.ts", join(outDir, "deliver"));

    expect(bundle.bytes).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
    expect(existsSync(`${bundle.path}.map`)).toBe(true);
  });

  it("contains nothing of zod, whose validators are compiled ahead of time", async () => {
    const bundle = await bundleFunction("functions/deliver-events/handler.ts", join(outDir, "deliver"));

    const inputs = [...bundle.bytesByInput.keys()];

    expect(inputs.filter((file) => file.includes("node_modules/zod/"))).toEqual([]);
  });
});

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
      put: "AccessDenied: No entry",
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

/** One answer of each kind that the adapters meet: success, JSON errors of two protocols; S3 gets an XML error. */
const ANSWERS: Readonly<Record<string, readonly [status: number, body: unknown]>> = {
  "AmazonSQS.SendMessageBatch": [
    200,
    { Successful: [], Failed: [{ Id: "0", Code: "Refused", SenderFault: true }] },
  ],
  "secretsmanager.GetSecretValue": [400, { __type: "ResourceNotFoundException", Message: "No such secret" }],
  "DynamoDB_20120810.Query": [200, { Items: [{ pk: { S: "a" } }], Count: 1 }],
  "DynamoDB_20120810.UpdateItem": [
    400,
    {
      __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
      message: "The conditional request failed",
    },
  ],
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [status, body] = ANSWERS[String(request.headers["x-amz-target"])] ?? [403, undefined];
  const text = body
    ? JSON.stringify(body)
    : "<Error><Code>AccessDenied</Code><Message>No entry</Message></Error>";
  request.resume().on("end", () => response.writeHead(status).end(text));
}
