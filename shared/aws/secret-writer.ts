import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { nameOf } from "../core/error-name.ts";
import type { Credentials } from "../core/tenant.schema.ts";
import type { FeedId, SecretVersions, SecretWriter } from "../ports-onboarding.ts";

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

export interface SecretsManagerWriterOptions {
  readonly client: SecretsManagerClient;
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  readonly prefix: string;
  /** Encrypts new secrets. @default the account's own key of Secrets Manager */
  readonly keyArn?: string | undefined;
  /** Days until a deleted secret is gone, 7 to 30. @default 30, as Secrets Manager */
  readonly recoveryDays?: number | undefined;
}

/** Feeds' secrets in Secrets Manager, for delivery to read (`credential-store.ts`). Reads no secret's value. */
export class SecretsManagerWriter implements SecretWriter {
  readonly #options: SecretsManagerWriterOptions;

  constructor(options: SecretsManagerWriterOptions) {
    this.#options = options;
  }

  async versions(feed: FeedId): Promise<SecretVersions> {
    const { isThere: _, ...versions } = await this.#versions(this.#nameOf(feed));
    return versions;
  }

  async store(feed: FeedId, { apiKey, apiSecret }: Credentials, version: string): Promise<void> {
    const { client, keyArn } = this.#options;
    const value = { ClientRequestToken: version, SecretString: JSON.stringify({ apiKey, apiSecret }) };
    const Name = this.#nameOf(feed);
    const { current, previous, isThere, isDeleting } = await this.#versions(Name);
    if (!isThere) {
      await client.send(
        new CreateSecretCommand({
          Name,
          Description: "Key and secret of an mParticle feed",
          ...value,
          ...(keyArn && { KmsKeyId: keyArn }),
          Tags: [
            { Key: "application", Value: "partner-feed-connector" },
            { Key: "tenantId", Value: feed.tenantId },
            { Key: "feedId", Value: feed.feedId },
          ],
        }),
      );
      return;
    }
    if (isDeleting) await client.send(new RestoreSecretCommand({ SecretId: Name }));
    if (current !== version) {
      const put = new PutSecretValueCommand({ SecretId: Name, ...value });
      const { VersionStages = [] } = await client.send(put);
      // Of a version that is there already, Secrets Manager moves no label.
      if (!VersionStages.includes(CURRENT)) await this.#move(Name, CURRENT, current, version);
    }
    // Keys that were deleted are not kept because others are stored under their name.
    const deleted = current === version ? previous : current;
    if (isDeleting && deleted !== undefined) await this.#move(Name, PREVIOUS, deleted, undefined);
  }

  async rollBack(feed: FeedId, from: string, to: string): Promise<boolean> {
    const name = this.#nameOf(feed);
    const { current, previous } = await this.#versions(name);
    if (current === to) return true;
    if (current !== from || previous !== to) return false;
    await this.#move(name, CURRENT, from, to);
    return true;
  }

  async dropPrevious(feed: FeedId, version: string): Promise<void> {
    const name = this.#nameOf(feed);
    const { previous } = await this.#versions(name);
    if (previous === version) await this.#move(name, PREVIOUS, version, undefined);
  }

  async scheduleDeletion(feed: FeedId): Promise<void> {
    const { client, recoveryDays } = this.#options;
    try {
      await client.send(
        new DeleteSecretCommand({ SecretId: this.#nameOf(feed), RecoveryWindowInDays: recoveryDays }),
      );
    } catch (error) {
      // It waits for its deletion already, or is not there.
      if (!["InvalidRequestException", "ResourceNotFoundException"].includes(nameOf(error))) throw error;
    }
  }

  async #versions(name: string): Promise<SecretVersions & { readonly isThere: boolean }> {
    try {
      const secret = await this.#options.client.send(new DescribeSecretCommand({ SecretId: name }));
      const staged = (stage: string) =>
        Object.entries(secret.VersionIdsToStages ?? {}).find(([, stages]) => stages.includes(stage))?.[0];
      const [current, previous] = [staged(CURRENT), staged(PREVIOUS)];
      return {
        ...(current !== undefined && { current }),
        ...(previous !== undefined && { previous }),
        isThere: true,
        isDeleting: secret.DeletedDate !== undefined,
      };
    } catch (error) {
      if (nameOf(error) === "ResourceNotFoundException") return { isThere: false, isDeleting: false };
      throw error;
    }
  }

  async #move(name: string, stage: string, from: string | undefined, to: string | undefined): Promise<void> {
    await this.#options.client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: name,
        VersionStage: stage,
        RemoveFromVersionId: from,
        MoveToVersionId: to,
      }),
    );
  }

  #nameOf({ tenantId, feedId }: FeedId): string {
    return `${this.#options.prefix}/${tenantId}/${feedId}`;
  }
}
