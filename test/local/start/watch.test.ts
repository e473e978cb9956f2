import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { waitUntil } from "../../../local/e2e/wait-until.ts";
import { parseOptions } from "../../../local/start/options.ts";
import { run } from "../../../local/start/run.ts";
import { SqsQueueDepth } from "../../../shared/aws/queue-depth.ts";
import { withToken } from "../../../shared/client/authentication.ts";
import { createOnboardingClient } from "../../../shared/client/onboarding-client.ts";
import { publishEvents } from "../../../shared/publish/publish-events.ts";

it("onboards a tenant through the printed API, and then delivers what was held for it", async () => {
  const options = parseOptions(["--watch", "--api-token", "a-token-for-this-test"]);
  if (options === "help") throw new Error("These options only ask for help");
  const stop = new AbortController();
  const said: string[] = [];
  const running = run(options, stop.signal, { say: (line) => void said.push(line), progress: () => {} });
  const printed = (pattern: RegExp) => said.map((line) => pattern.exec(line)?.[1]).find(Boolean) ?? "";
  await waitUntil("the run watches", () => said.some((line) => line.startsWith("Watching")));
  const client = createOnboardingClient({
    url: printed(/Onboarding API (\S+)\/v1/),
    authenticate: withToken("a-token-for-this-test"),
  });
  const sqs = new SQSClient({
    endpoint: printed(/AWS_ENDPOINT_URL=([^)]+)\)/),
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  const queueUrl = printed(/Queue URL (\S+)/);
  const page = await fetch(printed(/Connect page, for one use: (\S+)/));
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Connect Partner")]);
  const tenantId = "by-hand";
  const params = { tenantId, feedId: "default" };
  try {
    const events = [{ type: "track", event: "Plan Changed", userId: "u1", messageId: "m1" }];
    await publishEvents({ tenantId, events }, { sqs, queueUrl });
    const queue = new SqsQueueDepth({ client: sqs, liveUrl: queueUrl, otherUrls: [] });
    await waitUntil("nothing is queued", async () => (await queue.messages()).live === 0);

    await client.putTenant({ params, body: {} });
    await client.putFeed({ params, body: {} });
    const [, apiKey = "", apiSecret = ""] = /with: (\S+) \/ (\S+) \(partner\)/.exec(said.join("\n")) ?? [];
    await client.putCredentials({ params, body: { apiKey, apiSecret } });
    await waitUntil("the event is delivered", async () => {
      const now = Date.now();
      const { body } = await client.getLedger({
        params,
        query: { from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString() },
      });
      return body.total.delivered === 1 && body.total.held === 0;
    });
  } finally {
    sqs.destroy();
    stop.abort();
  }
  const summary = await running;
  expect(summary.byTenant["by-hand"]).toMatchObject({ delivered: 1 });
}, 60_000);
