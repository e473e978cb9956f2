import type { RequestLine } from "../stand-in/request-line.ts";
import type { StandIn } from "../stand-in/stand-in.ts";
import type { Checks } from "./checks.ts";
import type { DeployedConnector } from "./deployed-connector.ts";
import { waitUntil } from "./wait-until.ts";

/** What every scenario plays in: the deployed connector on one side, mParticle's stand-in on the other. */
export interface World {
  readonly connector: DeployedConnector;
  readonly standIn: StandIn;
  /** Every request that the stand-in has received. */
  readonly requests: readonly RequestLine[];
  readonly checks: Checks;
}

/** Waits until no message is on the queue, hidden ones included: every event then has its ending. */
export async function waitUntilSettled({ connector }: Pick<World, "connector">): Promise<void> {
  await waitUntil("every message is settled", async () => (await connector.messagesQueued()) === 0);
}

/** How often the stand-in took each of these events from a feed. */
export function timesTaken(
  { standIn }: Pick<World, "standIn">,
  apiKey: string,
  messageIds: readonly string[],
): number[] {
  const taken = standIn.counts().feeds.get(apiKey)?.eventIds;
  return messageIds.map((id) => taken?.get(id) ?? 0);
}

/** Answers so far of one status. */
export function answersWith({ standIn }: Pick<World, "standIn">, status: number): number {
  return standIn.counts().requests.byResult[status] ?? 0;
}
