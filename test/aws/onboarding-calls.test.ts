import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { EventBridgeFeedChanges } from "../../shared/aws/feed-changes.ts";
import { LambdaReplays } from "../../shared/aws/replays.ts";
import { LambdaStoredKeyProver } from "../../shared/aws/stored-key-prover.ts";
import { capturedLog } from "../support/captured-log.ts";
import { awsError } from "../support/clients.ts";

const NOBODY = { region: "eu-north-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
const payload = (value: unknown) =>
  Object.assign(Buffer.from(JSON.stringify(value)), { transformToString: () => "" });

describe("word of a change", () => {
  it("goes on the default bus, as the connector's own", async () => {
    const client = new EventBridgeClient(NOBODY);
    const bus = mockClient(client);
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });

    await new EventBridgeFeedChanges({ client, log: capturedLog() }).announce({
      tenantId: "acme",
      feedId: "ios",
    });

    expect(bus.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [
        {
          Source: "partner-feed-connector",
          DetailType: "Feed Changed",
          Detail: '{"tenantId":"acme","feedId":"ios"}',
        },
      ],
    });
  });

  it.each([
    ["is refused", () => ({ FailedEntryCount: 1 })],
    [
      "cannot be said",
      () => {
        throw awsError("ThrottlingException");
      },
    ],
  ])("that %s is logged, and fails nothing: what is held is found within a minute", async (_, answer) => {
    const client = new EventBridgeClient(NOBODY);
    mockClient(client).on(PutEventsCommand).callsFake(answer);
    const log = capturedLog();

    await new EventBridgeFeedChanges({ client, log }).announce({ tenantId: "acme" });

    expect(log.lines).toMatchObject([{ level: "warn", fields: { tenantId: "acme" } }]);
  });
});

describe("another function", () => {
  function lambda(answer: () => object) {
    const client = new LambdaClient(NOBODY);
    const calls = mockClient(client);
    calls.on(InvokeCommand).callsFake(answer);
    return { client, calls };
  }
  const request = { action: "replay", tenantId: "acme", from: "a", to: "b", withinMs: 1 } as const;

  it("is asked by name, and answers", async () => {
    const { client, calls } = lambda(() => ({ Payload: payload({ events: 2, failures: 0 }) }));

    const answer = await new LambdaReplays({ client, functionName: "replay" }).replay(request);

    expect(answer).toEqual({ events: 2, failures: 0 });
    expect(calls.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
      FunctionName: "replay",
      Payload: JSON.stringify(request),
    });
  });

  it("that has no room is busy", async () => {
    const { client } = lambda(() => {
      throw awsError("TooManyRequestsException");
    });

    expect(await new LambdaReplays({ client, functionName: "replay" }).replay(request)).toBe("busy");
  });

  it("that fails is an error, which does not repeat what it said", async () => {
    const { client } = lambda(() => ({
      FunctionError: "Unhandled",
      Payload: payload({ errorMessage: "SECRET" }),
    }));
    const replay = new LambdaReplays({ client, functionName: "replay" }).replay(request);

    await expect(replay).rejects.toThrow("The function replay failed");
    await expect(replay).rejects.not.toThrow("SECRET");
  });

  it("that finds no keys says so by null", async () => {
    const { client } = lambda(() => ({ Payload: payload(null) }));
    const prover = new LambdaStoredKeyProver({ client, functionName: "verify" });

    expect(
      await prover.prove({ tenantId: "acme", feedId: "ios", kind: "partner", pod: "us1" }),
    ).toBeUndefined();
  });
});
