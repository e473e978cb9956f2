import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { EmulatedService } from "../service.ts";
import type { Action } from "./action.ts";
import { deleteSecret, restoreSecret } from "./deletion.ts";
import { listSecrets } from "./list-secrets.ts";
import { createSecret, describeSecret, updateSecret } from "./metadata.ts";
import { SecretStore, type SecretStoreOptions } from "./secret-store.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";
import { tagResource, untagResource } from "./tags.ts";
import { getSecretValue, putSecretValue } from "./values.ts";
import { listSecretVersionIds, updateSecretVersionStage } from "./version-stages.ts";

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ["CreateSecret", createSecret],
  ["DeleteSecret", deleteSecret],
  ["DescribeSecret", describeSecret],
  ["GetSecretValue", getSecretValue],
  ["ListSecrets", listSecrets],
  ["ListSecretVersionIds", listSecretVersionIds],
  ["PutSecretValue", putSecretValue],
  ["RestoreSecret", restoreSecret],
  ["TagResource", tagResource],
  ["UntagResource", untagResource],
  ["UpdateSecret", updateSecret],
  ["UpdateSecretVersionStage", updateSecretVersionStage],
]);

/**
 * Secrets Manager in memory, over its wire protocol (AWS JSON 1.1): versions and staging labels, idempotency by token,
 * tags, filters, paging and recovery windows. No rotation, replication, resource policies or permissions.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/
 */
export function createSecretsManager(options: SecretStoreOptions): EmulatedService {
  const store = new SecretStore(options);
  return {
    handle: (request, response) => void answer(request, response, store),
    close: async () => {},
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, store: SecretStore): Promise<void> {
  let status = 200;
  let output: Record<string, unknown>;
  try {
    output = perform(request, await text(request), store);
  } catch (error) {
    const known = error instanceof SecretsManagerError;
    status = known ? 400 : 500;
    output = known
      ? { __type: error.type, Message: error.message }
      : { __type: "InternalServiceError", Message: "An error occurred on the server side." };
  }
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-requestid": randomUUID(),
    ...(status !== 200 && { "x-amzn-errortype": String(output["__type"]) }),
  });
  response.end(JSON.stringify(output));
}

function perform(request: IncomingMessage, body: string, store: SecretStore): Record<string, unknown> {
  const name = String(request.headers["x-amz-target"]).replace(/^secretsmanager\./, "");
  const run = ACTIONS.get(name);
  if (run === undefined)
    throw new SecretsManagerError("UnknownOperationException", `No such operation: ${name}`);
  return run(parse(body), store);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SecretsManagerError("SerializationException", "The request body is not JSON.");
  }
}
