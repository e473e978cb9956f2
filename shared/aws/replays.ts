import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { ReplayRequest } from "../core/replay-request.schema.ts";
import type { ReplayAnswer, Replays } from "../ports-onboarding.ts";
import { FunctionBusyError, invoke } from "./invoke.ts";

export interface LambdaReplaysOptions {
  readonly client: LambdaClient;
  readonly functionName: string;
}

/** Replays by the replay-rejected function, of which one runs at a time. */
export class LambdaReplays implements Replays {
  readonly #options: LambdaReplaysOptions;

  constructor(options: LambdaReplaysOptions) {
    this.#options = options;
  }

  async replay(request: ReplayRequest): Promise<ReplayAnswer | "busy"> {
    const { client, functionName } = this.#options;
    try {
      return (await invoke(client, functionName, request)) as ReplayAnswer;
    } catch (error) {
      if (error instanceof FunctionBusyError) return "busy";
      throw error;
    }
  }
}
