import { randomUUID } from "node:crypto";
import { testBatch } from "../core/onboarding/test-batch.ts";
import type { DeliveryOutcome } from "../core/outcome.ts";
import type { Credentials, Feed } from "../core/tenant.schema.ts";
import type { Clock, EventsApi } from "../ports.ts";
import type { KeyProver } from "../ports-onboarding.ts";
import { assertPartnerUrl } from "./endpoint.ts";
import { HttpEventsApi } from "./events-api.ts";

/** Keys are tested a few at a time. */
const MAX_SOCKETS = 16;

/** Of the environment variables of the functions that test keys. */
export interface KeyProverEnv {
  readonly STAGE: string;
  readonly PARTNER_URL: string;
  readonly PROOF_TIMEOUT_MS: number;
}

/** @throws {ConfigError} for a partner URL that keys must not be sent to. */
export function createKeyProver(env: KeyProverEnv, clock: Clock): HttpKeyProver {
  const partnerUrl = assertPartnerUrl(env.PARTNER_URL, env.STAGE);
  const events = new HttpEventsApi({ partnerUrl, maxSockets: MAX_SOCKETS, clock });
  return new HttpKeyProver({ events, clock, uniqueId: randomUUID, timeoutMs: env.PROOF_TIMEOUT_MS });
}

export interface HttpKeyProverOptions {
  readonly events: EventsApi & { close(): void };
  readonly clock: Pick<Clock, "nowMs">;
  readonly uniqueId: () => string;
  /** Of one attempt. Two fit into what API Gateway waits for an answer. */
  readonly timeoutMs: number;
}

/** Tests keys over mParticle's Events API. What was not answered is tried once more, with the same bytes. */
export class HttpKeyProver implements KeyProver {
  readonly #options: HttpKeyProverOptions;

  constructor(options: HttpKeyProverOptions) {
    this.#options = options;
  }

  async prove(
    feed: Pick<Feed, "kind" | "pod">,
    { apiKey, apiSecret }: Credentials,
  ): Promise<DeliveryOutcome> {
    const { events, clock, uniqueId, timeoutMs } = this.#options;
    const body = Buffer.from(JSON.stringify([testBatch(uniqueId(), clock.nowMs())]));
    const request = { feed, route: "live", credentials: { apiKey, apiSecret }, body, timeoutMs } as const;
    const outcome = await events.post(request);
    return outcome.kind === "unavailable" ? events.post(request) : outcome;
  }
  close(): void {
    this.#options.events.close();
  }
}
