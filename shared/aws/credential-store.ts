import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ConfigError } from "../core/config-error.ts";
import { parseCredentials } from "../core/validators.ts";
import type { Clock, CredentialStore, Log, VersionedCredentials } from "../ports.ts";
import { ExpiringCache } from "./expiring-cache.ts";

/** New credentials take effect within this time, in milliseconds, jittered; sooner where the old ones are refused. */
const CACHE_MS = 300_000;

/** While secrets cannot be read, what was read before serves for so many milliseconds. */
const STALE_MS = 3_600_000;

/** A secret that nobody has stored yet, or that was refused, is read at most this often, in milliseconds. */
const REREAD_MS = 1_000;

export interface SecretsCredentialStoreOptions {
  readonly client: SecretsManagerClient;
  /** Secrets are named `<prefix>/<tenantId>/<feedId>`. */
  readonly prefix: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: () => number;
  readonly log: Log;
}

/** Credentials in Secrets Manager, one secret per feed: `{"apiKey","apiSecret"}`. */
export class SecretsCredentialStore implements CredentialStore {
  readonly #options: SecretsCredentialStoreOptions;
  readonly #cache: ExpiringCache<VersionedCredentials | undefined>;

  constructor(options: SecretsCredentialStoreOptions) {
    this.#options = options;
    this.#cache = new ExpiringCache({
      ttlMs: (credentials) => (credentials ? CACHE_MS * (0.75 + options.random() / 2) : REREAD_MS),
      staleMs: STALE_MS,
      clock: options.clock,
    });
  }

  async find(
    tenantId: string,
    feedId: string,
    { not, afresh = false }: { not?: string; afresh?: boolean } = {},
  ): Promise<VersionedCredentials | undefined> {
    const name = `${this.#options.prefix}/${tenantId}/${feedId}`;
    const read = () => this.#read(name, { tenantId, feedId });
    const credentials = await this.#cache.get(name, read);
    if (not === undefined || credentials?.version !== not) return credentials;
    if (afresh || (this.#cache.ageMs(name) ?? 0) >= REREAD_MS) this.#cache.forget(name);
    return this.#cache.get(name, read);
  }

  async #read(
    name: string,
    ids: { tenantId: string; feedId: string },
  ): Promise<VersionedCredentials | undefined> {
    try {
      const secret = await this.#options.client.send(new GetSecretValueCommand({ SecretId: name }));
      return { ...parseCredentials(JSON.parse(secret.SecretString ?? "")), version: secret.VersionId ?? "" };
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
      // What was stored is no key pair. The message of a SyntaxError would quote it, so it goes no further.
      if (error instanceof ConfigError || error instanceof SyntaxError) {
        this.#options.log.error("The stored secret is not a key pair", ids);
        return undefined;
      }
      throw error;
    }
  }
}
