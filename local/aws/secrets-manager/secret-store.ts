import { randomUUID } from "node:crypto";
import type { Secret } from "./secret.ts";
import { SecretsManagerError } from "./secrets-manager-error.ts";

export interface SecretStoreOptions {
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** All secrets of one account and region, by name. */
export class SecretStore {
  readonly #options: SecretStoreOptions;
  readonly #byName = new Map<string, Secret>();

  constructor(options: SecretStoreOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.now();
  }

  /** In order of creation, those in their recovery window included. */
  all(): readonly Secret[] {
    for (const secret of this.#byName.values()) {
      if (secret.deletionAtMs !== undefined && secret.deletionAtMs <= this.now()) this.remove(secret);
    }
    return [...this.#byName.values()];
  }

  /** By name, by ARN, or by ARN without its six random characters. */
  find(secretId: string): Secret | undefined {
    return this.all().find(
      ({ name, arn }) =>
        secretId === name || secretId === arn || secretId === arn.slice(0, -"-xxxxxx".length),
    );
  }

  /** @throws {SecretsManagerError} ResourceNotFoundException */
  get(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret !== undefined) return secret;
    throw new SecretsManagerError(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    );
  }

  /** @throws {SecretsManagerError} ResourceNotFoundException; InvalidRequestException when the secret is deleted. */
  getActive(secretId: string): Secret {
    const secret = this.get(secretId);
    if (secret.deletionAtMs === undefined) return secret;
    throw new SecretsManagerError(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  /** Adds a secret without a version. Its name must be free. */
  add(name: string): Secret {
    const createdAtMs = this.now();
    const secret: Secret = {
      name,
      arn: this.newArn(name),
      createdAtMs,
      lastChangedAtMs: createdAtMs,
      versions: new Map(),
      tags: new Map(),
    };
    this.#byName.set(name, secret);
    return secret;
  }

  remove(secret: Secret): void {
    this.#byName.delete(secret.name);
  }

  newArn(name: string): string {
    return `arn:aws:secretsmanager:${this.#options.region}:000000000000:secret:${name}-${randomUUID().slice(0, 6)}`;
  }
}
