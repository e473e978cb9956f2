import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach } from "vitest";
import { type EmbeddedAws, startEmbeddedAws } from "../../../../local/aws/embedded-aws.ts";

export const START_MS = Date.parse("2026-01-01T12:00:00.500Z");
export const DAY_MS = 86_400_000;

/** What Secrets Manager takes for the time; each test starts at `START_MS`. */
export const clock = { nowMs: START_MS };

/** An embedded AWS for each test, with a client of its secrets. */
export let aws: EmbeddedAws;
export let client: SecretsManagerClient;

beforeEach(async () => {
  clock.nowMs = START_MS;
  aws = await startEmbeddedAws({ now: () => clock.nowMs });
  client = new SecretsManagerClient(aws.clientConfig);
});

afterEach(async () => {
  client.destroy();
  await aws.close();
});

/** A request token, which becomes a version's id. */
export const token = (n: number) => `token-${n}`.padEnd(32, "0");

export const create = (Name: string, SecretString = "one", ClientRequestToken = token(1)) =>
  client.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken }));

export const put = (
  SecretId: string,
  SecretString: string,
  ClientRequestToken: string,
  VersionStages?: string[],
) =>
  client.send(
    new PutSecretValueCommand({
      SecretId,
      SecretString,
      ClientRequestToken,
      ...(VersionStages && { VersionStages }),
    }),
  );

/** Staging labels by version id. */
export const stagesOf = async (SecretId: string) =>
  (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;
