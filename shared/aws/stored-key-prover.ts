import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { Feed } from "../core/tenant.schema.ts";
import type { FeedId, StoredKeyProof, StoredKeyProver } from "../ports-onboarding.ts";
import { invoke } from "./invoke.ts";

export interface LambdaStoredKeyProverOptions {
  readonly client: LambdaClient;
  readonly functionName: string;
}

/** Tests stored keys by the verify-feed function: it may read them, who asks it may not. */
export class LambdaStoredKeyProver implements StoredKeyProver {
  readonly #options: LambdaStoredKeyProverOptions;

  constructor(options: LambdaStoredKeyProverOptions) {
    this.#options = options;
  }

  async prove(feed: FeedId & Pick<Feed, "kind" | "pod">): Promise<StoredKeyProof | undefined> {
    const { client, functionName } = this.#options;
    return ((await invoke(client, functionName, feed)) as StoredKeyProof | null) ?? undefined;
  }
}
