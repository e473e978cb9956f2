import { setTimeout as sleep } from "node:timers/promises";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { seededRandom } from "../../bench/sample-events.ts";
import { publishEvents } from "../../shared/publish/publish-events.ts";
import { sendMessages } from "../../shared/publish/send-messages.ts";
import type { EmbeddedAws } from "../aws/embedded-aws.ts";
import type { AwsFaultGate } from "../aws/fault-gate.ts";
import type { ProvisionedState } from "../aws/provision.ts";
import { type AwsClients, destroyClients, SECRET_PREFIX } from "../connector.ts";
import { NO_FAULTS, parseFaults } from "../stand-in/faults.ts";
import type { StandIn } from "../stand-in/stand-in.ts";
import { storeTenants } from "../store-tenants.ts";
import type { Expected, SentEvent } from "./account.ts";
import type { Arrivals } from "./arrivals.ts";
import { keyOf, storedTenant } from "./cast.ts";
import type { Surroundings } from "./scenario.ts";
import { BUSY_TENANT, planTraffic, type Traffic } from "./traffic.ts";
import { type ClockSetting, timeBy } from "./worker-clock.ts";
import type { WorkerFleet } from "./worker-fleet.ts";

export interface WorldOptions {
  readonly traffic: Traffic;
  readonly surroundings: Surroundings;
  readonly seed: number;
  /** Events that are claimed to be sent and are not: the run then has to fail. */
  readonly withheld: number;
  readonly onLog: ((line: string) => void) | undefined;
  readonly stopped: AbortSignal;
}

/** An event that was sent, and when: milliseconds of `performance.now()`. */
export interface TimedEvent extends SentEvent {
  readonly publishedAt: number;
}

/** What a world consists of. */
export interface WorldParts {
  readonly aws: EmbeddedAws;
  readonly gate: AwsFaultGate;
  readonly state: ProvisionedState;
  readonly clients: AwsClients;
  readonly standIn: StandIn;
  readonly arrivals: Arrivals;
  readonly fleet: WorkerFleet;
  readonly clock: ClockSetting;
  readonly endReleases: () => Promise<void>;
}

/** Everything that a scenario runs in, and its ways to let things go wrong. */
export class World {
  readonly sent: TimedEvent[] = [];
  /** Messages that went onto the queue. */
  messages = 0;
  readonly random: () => number;
  readonly #options: WorldOptions;
  readonly #parts: WorldParts;
  #startedAt = 0;

  constructor(options: WorldOptions, parts: WorldParts) {
    this.#options = options;
    this.#parts = parts;
    this.random = seededRandom(options.seed + 1);
  }

  get standIn(): StandIn {
    return this.#parts.standIn;
  }

  get aws(): AwsFaultGate {
    return this.#parts.gate;
  }

  get workers(): WorkerFleet {
    return this.#parts.fleet;
  }

  get arrivals(): Arrivals {
    return this.#parts.arrivals;
  }

  get state(): ProvisionedState {
    return this.#parts.state;
  }

  get clients(): AwsClients {
    return this.#parts.clients;
  }

  /** By the scenario's clock, epoch milliseconds. */
  nowMs(): number {
    return timeBy(this.#parts.clock, Date.now());
  }

  /** Waits until so many seconds of the scenario's time have passed since the traffic began. @throws when stopped. */
  async until(seconds: number): Promise<void> {
    const atMs = this.#startedAt + (seconds * 1000) / this.#options.surroundings.timeScale;
    await sleep(Math.max(0, atMs - performance.now()), undefined, { signal: this.#options.stopped });
  }

  /** Lets mParticle fail for one tenant, or for all. @param spec - As `parseFaults` reads it; empty: no faults. */
  mparticle(spec: string, tenantId?: string): void {
    const faults = spec === "" ? NO_FAULTS : parseFaults(spec);
    this.standIn.setFaults(faults, tenantId && keyOf(tenantId).apiKey);
  }

  /** Publishes the planned traffic. @throws when stopped. */
  async publishTraffic(): Promise<void> {
    const { traffic, seed, withheld, surroundings } = this.#options;
    const plan = planTraffic(traffic, seededRandom(seed), () => this.nowMs());
    this.#startedAt = performance.now();
    const sending: Promise<void>[] = [];
    try {
      for (const { atMs, tenantId, events } of plan) {
        await this.until((atMs / 1000) * surroundings.timeScale);
        sending.push(this.publish(tenantId, events));
      }
    } finally {
      // What is under way is waited for, even when the run is stopped: its connections are about to be closed.
      await Promise.allSettled(sending);
    }
    await Promise.all(sending);
    for (let i = 0; i < withheld; i++)
      this.#note([{ id: `withheld-${i}`, expected: "delivered" }], BUSY_TENANT);
  }

  /** Publishes events as a partner does. @throws {Error} when the queue did not take all of them. */
  async publish(
    tenantId: string,
    events: readonly { id: string; expected: Expected; event: object }[],
  ): Promise<void> {
    this.#note(events, tenantId);
    const { results } = await publishEvents(
      { tenantId, events: events.map(({ event }) => event) },
      { sqs: this.clients.sqs, queueUrl: this.state.queueUrl },
    );
    // What the publisher would refuse goes round it: a partner may use another client.
    const refused = events.filter((_, i) => results[i]?.status === "invalid");
    if (refused.length > 0) {
      const body = JSON.stringify({ version: 1, tenantId, events: refused.map(({ event }) => event) });
      await this.sendBodies([body]);
    }
    const messageIds = results.flatMap((result) => (result.status === "sent" ? result.sqsMessageId : []));
    this.messages += new Set(messageIds).size;
    const failed = results.find(({ status }) => status === "failed" || status === "too_large");
    if (failed) throw new Error(`The embedded queue did not take an event: ${failed.status}`);
  }

  /** Puts bodies on the queue as they are. @returns the id of each message. */
  async sendBodies(bodies: readonly string[]): Promise<string[]> {
    const results = await sendMessages(
      bodies.map((body) => ({ body })),
      { sqs: this.clients.sqs, queueUrl: this.state.queueUrl },
    );
    this.messages += bodies.length;
    return results.map((result) => {
      if (result.status === "sent") return result.sqsMessageId;
      throw new Error(`The embedded queue did not take a body: ${result.status}`);
    });
  }

  /** Counts events as sent that went onto the queue some other way. */
  #note(events: readonly { id: string; expected: Expected }[], tenantId: string): void {
    const publishedAt = performance.now();
    this.sent.push(...events.map(({ id, expected }) => ({ id, expected, tenantId, publishedAt })));
  }

  noteSent(ids: readonly string[], expected: Expected): void {
    this.#note(
      ids.map((id) => ({ id, expected })),
      BUSY_TENANT,
    );
  }

  /** Stores a tenant that nobody knew, with a feed that mParticle takes. */
  async onboard(tenantId: string): Promise<void> {
    this.standIn.putFeed(keyOf(tenantId));
    await storeTenants([storedTenant(tenantId)], this.#storage());
  }

  async setTenantStatus(tenantId: string, status: "active" | "paused"): Promise<void> {
    await this.clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: this.state.tableName,
        Key: { pk: { S: `tenant#${tenantId}` }, sk: { S: "profile" } },
        UpdateExpression: "SET #status = :status",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":status": { S: status } },
      }),
    );
  }

  /** Stores a new secret for a tenant's feed. */
  async storeSecret(tenantId: string, apiSecret: string): Promise<void> {
    await this.clients.secretsManager.send(
      new PutSecretValueCommand({
        SecretId: `${SECRET_PREFIX}/${tenantId}/default`,
        SecretString: JSON.stringify({ ...keyOf(tenantId), apiSecret }),
      }),
    );
  }

  /** Makes mParticle know a tenant's feed by this secret only. */
  acceptSecret(tenantId: string, apiSecret: string): void {
    this.standIn.putFeed({ ...keyOf(tenantId), apiSecret });
  }

  #storage() {
    return { ...this.clients, tableName: this.state.tableName, secretPrefix: SECRET_PREFIX };
  }

  /** Ends everything that acts on events, when it has finished what it does. */
  async stop(): Promise<void> {
    const { fleet, endReleases } = this.#parts;
    await Promise.all([fleet.stop(), endReleases()]);
  }

  async close(): Promise<void> {
    const { clients, aws, standIn } = this.#parts;
    await this.stop();
    destroyClients(clients);
    await Promise.all([aws.close(), standIn.close()]);
  }
}
